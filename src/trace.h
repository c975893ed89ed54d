/* SPDX-License-Identifier: GPL-2.0-or-later */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM cmm

#if !defined(CMM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CMM_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

/* Bytes for the name of a hypercall; the longest is H_PAGE_SET_LOANED. */
#define CMM_CALL_NAME	20

TRACE_EVENT(cmm_target,
	TP_PROTO(long wanted, unsigned long target, unsigned long loaned, unsigned long oom_freed),
	TP_ARGS(wanted, target, loaned, oom_freed),
	TP_STRUCT__entry(
		__field(long, wanted)
		__field(unsigned long, target)
		__field(unsigned long, loaned)
		__field(unsigned long, oom_freed)
	),
	TP_fast_assign(
		__entry->wanted = wanted;
		__entry->target = target;
		__entry->loaned = loaned;
		__entry->oom_freed = oom_freed;
	),
	TP_printk("wanted=%ld target=%lu loaned=%lu oom_freed=%lu",
		  __entry->wanted, __entry->target, __entry->loaned, __entry->oom_freed)
);

DECLARE_EVENT_CLASS(cmm_batch,
	TP_PROTO(unsigned long asked, unsigned long done, unsigned long refused),
	TP_ARGS(asked, done, refused),
	TP_STRUCT__entry(
		__field(unsigned long, asked)
		__field(unsigned long, done)
		__field(unsigned long, refused)
	),
	TP_fast_assign(
		__entry->asked = asked;
		__entry->done = done;
		__entry->refused = refused;
	),
	TP_printk("asked=%lu done=%lu refused=%lu",
		  __entry->asked, __entry->done, __entry->refused)
);

DEFINE_EVENT(cmm_batch, cmm_inflate,
	TP_PROTO(unsigned long asked, unsigned long done, unsigned long refused),
	TP_ARGS(asked, done, refused)
);

DEFINE_EVENT(cmm_batch, cmm_deflate,
	TP_PROTO(unsigned long asked, unsigned long done, unsigned long refused),
	TP_ARGS(asked, done, refused)
);

TRACE_EVENT(cmm_oom,
	TP_PROTO(unsigned long asked, unsigned long freed, unsigned long loaned),
	TP_ARGS(asked, freed, loaned),
	TP_STRUCT__entry(
		__field(unsigned long, asked)
		__field(unsigned long, freed)
		__field(unsigned long, loaned)
	),
	TP_fast_assign(
		__entry->asked = asked;
		__entry->freed = freed;
		__entry->loaned = loaned;
	),
	TP_printk("asked=%lu freed=%lu loaned=%lu",
		  __entry->asked, __entry->freed, __entry->loaned)
);

TRACE_EVENT(cmm_sample,
	TP_PROTO(unsigned long limit, unsigned long loaned, unsigned long spare,
		 unsigned long cache, unsigned long lost),
	TP_ARGS(limit, loaned, spare, cache, lost),
	TP_STRUCT__entry(
		__field(unsigned long, limit)
		__field(unsigned long, loaned)
		__field(unsigned long, spare)
		__field(unsigned long, cache)
		__field(unsigned long, lost)
	),
	TP_fast_assign(
		__entry->limit = limit;
		__entry->loaned = loaned;
		__entry->spare = spare;
		__entry->cache = cache;
		__entry->lost = lost;
	),
	TP_printk("limit=%lu loaned=%lu spare=%lu cache=%lu lost=%lu",
		  __entry->limit, __entry->loaned, __entry->spare, __entry->cache, __entry->lost)
);

TRACE_EVENT(cmm_hv_error,
	TP_PROTO(const char *call, u64 address, long rc),
	TP_ARGS(call, address, rc),
	TP_STRUCT__entry(
		__array(char, call, CMM_CALL_NAME)
		__field(u64, address)
		__field(long, rc)
	),
	TP_fast_assign(
		strscpy(__entry->call, call, CMM_CALL_NAME);
		__entry->address = address;
		__entry->rc = rc;
	),
	TP_printk("call=%s address=0x%llx rc=%ld",
		  __entry->call, __entry->address, __entry->rc)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
