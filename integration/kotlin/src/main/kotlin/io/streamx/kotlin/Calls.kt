package io.streamx.kotlin

import io.streamx.BidiStreamingClient
import io.streamx.CallContext
import io.streamx.ClientStreamingClient
import io.streamx.RpcException
import io.streamx.ServerStreamingClient
import java.util.concurrent.Executor
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible

/** Each blocking call has a virtual thread of its own. */
private val BLOCKING = Executor { task -> Thread.ofVirtual().name("streamx-kotlin").start(task) }.asCoroutineDispatcher()

/**
 * Makes a blocking call of StreamX on a virtual thread and suspends until it has returned:
 *
 *     val token = call { chat.greet(question) }
 *
 * Cancelling the coroutine cancels the call. A call that ends because the coroutine was cancelled, or because the server call
 * that it was made under has ended, throws a [CancellationException]; every other failure is the exception that blocking code
 * would catch. Without a [CallContextElement] the call belongs to the context of the calling thread.
 */
public suspend fun <T> call(block: () -> T): T {
    val carried = currentCoroutineContext()[CallContextElement] ?: CallContextElement(CallContext.current())
    try {
        return runInterruptible(BLOCKING + carried, block)
    } catch (e: RpcException) {
        // The coroutine was cancelled: its interrupt ended the call, and the scope must not fail because of that.
        currentCoroutineContext().ensureActive()
        throw if (e.isCausedByEnclosingCall) cancellation(e) else e
    }
}

/** Opens a stream. When its opener is cancelled meanwhile, nobody gets the stream, and it is closed. */
private suspend fun <S : AutoCloseable> opened(open: () -> S): S {
    var stream: S? = null
    try {
        return call { open().also { stream = it } }
    } catch (e: Throwable) {
        stream?.close()
        throw e
    }
}

private fun cancellation(cause: RpcException) = CancellationException(cause.message, cause)

/**
 * What a server-streaming call receives: `flowOf { chat.ask(question) }`. Each collection makes a call of its own, and receives
 * a message when the collector has taken the one before: a slow collector slows the handler. Ending the collection early
 * cancels the call.
 */
public fun <Res : Any> flowFrom(open: () -> ServerStreamingClient<Res>): Flow<Res> = flow {
    opened(open).use { stream -> emitAll { stream.recv() } }
}

/**
 * Sends this flow on a bidirectional call and receives what comes back: `questions.through { chat.talk() }`. Each collection
 * makes a call of its own. This flow is collected beside the receiving, as fast as the call takes its messages, and is
 * cancelled when the call ends. If it fails, the call is cancelled and the collector sees its failure.
 */
public fun <Req : Any, Res : Any> Flow<Req>.through(open: () -> BidiStreamingClient<Req, Res>): Flow<Res> = flow {
    opened(open).use { stream ->
        coroutineScope {
            val sending = launch {
                sending(this@through) { stream.send(it) }
                call { stream.closeSend() }
            }
            emitAll { stream.recv() }
            sending.cancel()
        }
    }
}

/**
 * Sends this flow on a client-streaming call and returns the reply: `questions.sendTo { chat.upload() }`. If the flow fails, the
 * call is cancelled and its failure is thrown.
 */
public suspend fun <Req : Any, Res : Any> Flow<Req>.sendTo(open: () -> ClientStreamingClient<Req, Res>): Res? =
    opened(open).use { stream ->
        sending(this) { stream.send(it) }
        call { stream.closeAndRecv() }
    }

/** Sends until the flow ends, or until the call does: what it came to is then told by whoever receives. */
private suspend fun <T> sending(messages: Flow<T>, send: (T) -> Unit) {
    try {
        messages.collect { message ->
            try {
                call { send(message) }
            } catch (e: RpcException) {
                throw EndedCall(e)
            }
        }
    } catch (e: EndedCall) {
        coroutineContext.ensureActive()
    }
}

/** Ends the collection of a flow whose messages nobody takes any more. */
private class EndedCall(cause: RpcException) : RuntimeException(cause.message, cause, false, false)

internal suspend fun <T : Any> FlowCollector<T>.emitAll(recv: () -> T?) {
    while (true) {
        emit(call(recv) ?: return)
    }
}
