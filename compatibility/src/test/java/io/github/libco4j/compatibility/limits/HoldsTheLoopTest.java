package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Code that holds the loop while it waits. */
@SuppressWarnings({"restricted", "ThreadPriorityCheck"}) // The second: Thread.yield is what helps.
class HoldsTheLoopTest extends OnLoop {
    private static final class Event {
        CompletableFuture<EventLoop> handledOn = new CompletableFuture<>();
    }

    private Disruptor<Event> disruptor(WaitStrategy strategy) {
        var disruptor = new Disruptor<>(Event::new, 8, loop.threadFactory(), ProducerType.MULTI, strategy);
        disruptor.handleEventsWith((event, sequence, last) -> event.handledOn.complete(EventLoop.current()));
        return disruptor;
    }

    /** Counts how often it is asked for work. */
    private static final class Polled implements Agent {
        private final AtomicLong count = new AtomicLong();

        @Override
        public int doWork() {
            count.incrementAndGet();
            return 0;
        }

        @Override
        public String roleName() {
            return "polled";
        }
    }

    private AgentRunner agent(IdleStrategy strategy, Polled agent) {
        var runner = new AgentRunner(strategy, Throwable::printStackTrace, null, agent);
        AgentRunner.startOnThread(runner, loop.threadFactory());
        return runner;
    }

    @Test
    @DisplayName("Busy pollers: Agrona's (Aeron's) `BusySpinIdleStrategy`")
    void busyAgents() throws Exception {
        var spins = agent(new BusySpinIdleStrategy(), new Polled());
        Future<Integer> next = assertHeld();
        Thread closer = Thread.ofPlatform().start(spins::close);
        assertThat(next.get()).isEqualTo(1);
        closer.join();

        var polled = new Polled();
        try (var sleeps = agent(new SleepingIdleStrategy(), polled)) {
            assertThat(sleeps.isClosed()).isFalse();
            assertGoesOn();
            while (polled.count.get() < 10) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    @DisplayName("Busy pollers: LMAX Disruptor's `BusySpinWaitStrategy`")
    void busyPollers() throws Exception {
        var spins = disruptor(new BusySpinWaitStrategy());
        spins.start();
        Future<Integer> next = assertHeld();
        spins.halt();
        assertThat(next.get()).isEqualTo(1);

        var waits = disruptor(new BlockingWaitStrategy());
        waits.start();
        assertGoesOn();
        CompletableFuture<EventLoop> handledOn = new CompletableFuture<>();
        waits.publishEvent((event, sequence) -> event.handledOn = handledOn);
        assertThat(handledOn.get()).isSameAs(loop);
        waits.shutdown();
    }

    @Test
    @DisplayName("Spin locks")
    void spinLocks() throws Exception {
        AtomicBoolean locked = new AtomicBoolean(true); // By a coroutine that waits for something, and so is not on the loop.
        AtomicBoolean yields = new AtomicBoolean();
        var spins = loop.asExecutor().submit(() -> {
            while (!locked.compareAndSet(false, true)) {
                if (yields.get()) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            }
            return 2;
        });
        Future<Integer> next = assertHeld();
        yields.set(true);
        assertThat(next.get()).isEqualTo(1);
        inCoroutine(() -> locked.getAndSet(false));
        assertThat(spins.get()).isEqualTo(2);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @DisplayName("Native code without a bracket")
    void nativeCode() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle usleep = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("usleep"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        assertThat(inCoroutine(() -> {
                    CountDownLatch probe = probe();
                    sleep(usleep, 50_000);
                    return probe.getCount();
                }))
                .isEqualTo(1);
        inCoroutine(() -> {
            CountDownLatch probe = probe();
            return Interposition.blocking(() -> {
                while (probe.getCount() > 0) {
                    sleep(usleep, 1000);
                }
                return 0;
            });
        });
    }

    private static void sleep(MethodHandle usleep, int micros) {
        try {
            int ignored = (int) usleep.invokeExact(micros);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @DisplayName("Netty's native transports, with coroutines as their threads")
    void nettysNativeTransport() throws Exception {
        assertThat(Epoll.isAvailable()).as("%s", Epoll.unavailabilityCause()).isTrue();
        var epoll = new MultiThreadIoEventLoopGroup(1, loop.threadFactory(), EpollIoHandler.newFactory());
        assertThat(epoll.submit(EventLoop::current).get()).isSameAs(loop);
        Future<Integer> next = assertHeld();
        epoll.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        assertThat(next.get()).isEqualTo(1);

        var nio = new MultiThreadIoEventLoopGroup(1, loop.threadFactory(), NioIoHandler.newFactory());
        assertThat(nio.submit(EventLoop::current).get()).isSameAs(loop);
        assertGoesOn();
        nio.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
}
