package io.streamx.kotlin

import io.streamx.CallContext
import io.streamx.service.ContextStorage
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.ThreadContextElement

/**
 * Carries the context of a call with a coroutine, whichever thread it runs on: `CallContext.current()` is that context, and calls
 * made there belong to it, with its metainfo, its remaining time and its cancellation. What else belongs to a call of a server is
 * current there too: the span of a tracer, the security context of Spring. Handlers that [serve] runs have it;
 * elsewhere `withContext(CallContextElement(context)) { ... }`.
 */
public class CallContextElement(private val context: CallContext) :
    AbstractCoroutineContextElement(CallContextElement), ThreadContextElement<ContextStorage.Scope> {
    /** The key of the element. */
    public companion object Key : CoroutineContext.Key<CallContextElement>

    override fun updateThreadContext(context: CoroutineContext): ContextStorage.Scope =
        ContextStorage.attachAll(this.context)

    override fun restoreThreadContext(context: CoroutineContext, oldState: ContextStorage.Scope) {
        oldState.close()
    }
}
