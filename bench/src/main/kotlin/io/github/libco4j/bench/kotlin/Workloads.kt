package io.github.libco4j.bench.kotlin

import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.yield

/** What the workers do, with Kotlin's coroutines, all on the calling thread: `runBlocking` is their event loop. */
object Workloads {
    /** Just runs it. */
    @JvmStatic
    fun run(body: Runnable) = runBlocking { body.run() }

    /** Two coroutines that let each other run. */
    @JvmStatic
    fun yields(times: Int) = runBlocking {
        List(2) { launch { repeat(times) { yield() } } }.joinAll()
    }

    /** A tree of coroutines, ten children each, whose leaves' numbers are added up. */
    @JvmStatic
    fun skynet(leaves: Int): Long = runBlocking { skynet(0, leaves) }

    private suspend fun skynet(first: Long, leaves: Int): Long =
        if (leaves == 1) {
            first
        } else {
            coroutineScope {
                val each = leaves / 10
                List(10) { async { skynet(first + it.toLong() * each, each) } }.awaitAll().sum()
            }
        }

    /** A token goes round a ring of coroutines, through a channel without room between each two. */
    @JvmStatic
    fun ring(members: Int, hops: Int) = runBlocking {
        val channels = List(members) { Channel<Int>() }
        val jobs = List(members) {
            launch {
                val next = channels[(it + 1) % members]
                for (token in channels[it]) {
                    if (token == 0) break
                    next.send(token - 1)
                }
            }
        }
        channels[0].send(hops)
        // The one that gets 0 ends; its like wait for ever.
        jobs[hops % members].join()
        jobs.forEach(Job::cancel)
    }

    /** One coroutine sends numbers through a channel, another one adds them up. */
    @JvmStatic
    fun channel(room: Int, items: Int): Long = runBlocking {
        val channel = Channel<Int>(room)
        launch {
            for (i in 0 until items) channel.send(i)
            channel.close()
        }
        var sum = 0L
        for (value in channel) sum += value
        sum
    }

    /** Coroutines that want one mutex, and yield while they hold it. */
    @JvmStatic
    fun lock(contenders: Int, each: Int): Long = runBlocking {
        val mutex = Mutex()
        var count = 0L
        List(contenders) {
            launch {
                repeat(each) {
                    mutex.withLock {
                        count++
                        yield()
                    }
                }
            }
        }.joinAll()
        count
    }

    /** Coroutines that sleep, again and again; tells how much later than wanted each woke, in nanoseconds. */
    @JvmStatic
    fun sleep(
        sleepers: Int,
        millis: Long,
        uncounted: Int,
        times: Int,
        lateness: java.util.function.LongConsumer,
    ) = runBlocking {
        List(sleepers) {
            launch {
                repeat(uncounted + times) { n ->
                    val due = System.nanoTime() + millis * 1_000_000
                    delay(millis)
                    if (n >= uncounted) {
                        lateness.accept(System.nanoTime() - due)
                    }
                }
            }
        }.joinAll()
    }

    /**
     * Coroutines that are all suspended at once, at some stack depth, while `parked` runs; the sum of what each kept.
     */
    @JvmStatic
    fun park(number: Int, depth: Int, parked: Runnable): Long = runBlocking {
        val waiting = arrayOfNulls<Continuation<Unit>>(number)
        var sum = 0L
        val jobs = Array(number) {
            launch(start = CoroutineStart.UNDISPATCHED) {
                val kept = deep(depth, it.toLong(), waiting)
                sum += kept
            }
        }
        parked.run()
        waiting.forEach { it!!.resume(Unit) }
        jobs.forEach { it.join() }
        sum
    }

    private suspend fun deep(depth: Int, own: Long, waiting: Array<Continuation<Unit>?>): Long {
        if (depth > 0) {
            // Not a tail call, so that each level keeps a frame, as a thread's stack does.
            return deep(depth - 1, own, waiting) + 0
        }
        suspendCoroutine { waiting[own.toInt()] = it }
        return own
    }
}

/** What is measured by JMH. */
object Sequences {
    @JvmStatic
    fun numbers(): Iterator<Int> = sequence {
        var i = 0
        while (true) yield(i++ and 127)
    }.iterator()
}

/** A coroutine that suspends as often as it is resumed, with no dispatcher between: Kotlin's bare switch. */
class Suspended {
    private var waiting: Continuation<Unit>? = null

    init {
        val body: suspend () -> Unit = { while (true) suspendCoroutine { waiting = it } }
        body.startCoroutine(Continuation(EmptyCoroutineContext) { it.getOrThrow() })
    }

    /** Into it and back. */
    fun roundTrip() = waiting!!.resume(Unit)
}
