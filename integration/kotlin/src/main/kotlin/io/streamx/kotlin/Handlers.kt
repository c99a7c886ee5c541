package io.streamx.kotlin

import io.streamx.CallContext
import io.streamx.ReceivingStream
import io.streamx.RpcException
import io.streamx.SendingStream
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.runBlocking

/**
 * Runs a suspending handler on the thread that StreamX has made for it:
 *
 *     override fun ask(question: Question, stream: ServerStreamingServer<Token>) = serve {
 *         stream.sendAll(model.tokens(question.text))
 *     }
 *
 * The block has a [CallContextElement]. When the call is cancelled, the caller leaves or a time limit passes, the block is
 * cancelled, and what waits in it throws a [CancellationException]. An exception of the block is that of the handler.
 */
public fun <T> serve(block: suspend CoroutineScope.() -> T): T {
    val context = CallContext.current()
    try {
        return runBlocking(CallContextElement(context), block)
    } catch (e: CancellationException) {
        // The caller is told why its call was cancelled, and not that a coroutine was.
        throw if (context.isCancelled) context.cancellation() ?: e else e
    }
}

/**
 * What a handler receives, as a flow that can be collected once. A message is received when the collector has taken the one
 * before. A call that is cancelled meanwhile ends the collection with a [CancellationException].
 */
public fun <T : Any> ReceivingStream<T>.asFlow(): Flow<T> = flow { emitAll { handling { recv() } } }

/** Sends what a flow emits, as fast as the caller takes it. */
public suspend fun <T : Any> SendingStream<T>.sendAll(messages: Flow<T>) {
    messages.collect { message -> call { handling { send(message) } } }
}

/** In a handler whose call has been cancelled every failure of its stream is that cancellation. */
private inline fun <T> handling(block: () -> T): T {
    try {
        return block()
    } catch (e: RpcException) {
        throw if (CallContext.current().isCancelled) CancellationException(e.message, e) else e
    }
}
