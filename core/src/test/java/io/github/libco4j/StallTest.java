package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import io.github.libco4j.support.LoggedMessages;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A coroutine that holds its loop is found out. In processes of their own: this one's loops are not watched. */
@Tag("any-readiness")
@Timeout(120)
class StallTest {
    private static final int LIMIT_SECONDS = 60;
    private static final AtomicBoolean MAY_GO_ON = new AtomicBoolean();

    /** A class whose initialiser waits on the loop's thread until a platform thread lets it go on. */
    private static final class Initialised {
        static {
            synchronized (MAY_GO_ON) {
                while (!MAY_GO_ON.get()) {
                    try {
                        MAY_GO_ON.wait();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        }

        static void touch() {}
    }

    private static void spinUntil(LoggedMessages log, String text) {
        long end = System.nanoTime() + LIMIT_SECONDS * 1_000_000_000L;
        while (log.all().stream().noneMatch(message -> message.contains(text)) && System.nanoTime() < end) {
            for (int i = 0; i < 1_000_000; i++) { // Mostly it is here, and in no native method.
                Thread.onSpinWait();
            }
        }
    }

    /** Prints what is logged of two coroutines, one of which computes, and the other waits and cannot leave its thread. */
    public static final class Logs {
        public static void main(String[] args) throws Exception {
            try (LoggedMessages log = new LoggedMessages();
                    EventLoop loop = EventLoop.builder().name("busy").start()) {
                // First: what is not looked at is all one place. Whether a stack is looked at depends on what the coroutine does just then.
                for (int tries = 0; tries < 60 && log.all().stream().noneMatch(each -> each.contains("is not looked at,")); tries++) {
                    loop.spawn("generates", () -> {
                                System.out.println(Generator.of(y -> y.yield(1)).stream().toList());
                                Records.hold();
                            })
                            .join();
                }
                System.out.println(log.await("is not looked at,"));
                loop.spawn("computes", () -> {
                            loop.spawn("other", () -> {});
                            spinUntil(log, "Coroutine 'computes' has held");
                        })
                        .join();
                System.out.println(log.await("Coroutine 'computes' has held"));
                Coroutine waits = loop.spawn("waits", Initialised::touch);
                System.out.println(log.await("Coroutine 'waits' has held"));
                synchronized (MAY_GO_ON) {
                    MAY_GO_ON.set(true);
                    MAY_GO_ON.notifyAll();
                }
                waits.join();
                System.out.println(loop.statistics().stalls() >= 2 ? "both are counted" : loop.statistics());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.logging,jdk.jfr", "java.logging"}) // With a flight recorder, and without.
    void itIsLoggedWhoHoldsALoopWhereAndWhatToDo(String modules) throws Exception {
        String output = ChildJvm.output(List.of("--limit-modules", modules), Logs.class);
        assertThat(output)
                .containsPattern("Coroutine 'computes' has held event loop 'busy' for \\d+ ms and goes on, while 1 coroutines wait "
                        + "for their turn. It computes: call Thread.yield\\(\\) .* said once for .*StallTest.*spinUntil; "
                        + "-Dlibco4j.stall sets the time \\(now 100 ms; 0 turns this off\\). Its stack:\n\tat ")
                .containsPattern("Coroutine 'generates' has held .* said once for all whose stack is not looked at; .*"
                        + " Its stack is not looked at, because it has asked a generator for a value, or has gone on meanwhile.")
                .contains("both are counted")
                .containsPattern("\tat .*StallTest.spinUntil\\(")
                .containsPattern("Coroutine 'waits' has held event loop 'busy' for \\d+ ms .* It waits where it cannot leave the "
                        + "loop's thread, inside the JVM, .* said once for .*StallTest\\$Initialised.<clinit>; ");
    }

    /** Prints the events of two stalls at one place, and how often that was logged. */
    public static final class Records {
        public static void main(String[] args) throws Exception {
            LinkedBlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
            CountDownLatch begun = new CountDownLatch(1);
            try (LoggedMessages log = new LoggedMessages();
                    RecordingStream recording = new RecordingStream();
                    EventLoop loop = EventLoop.builder().name("busy").start()) {
                recording.enable("io.github.libco4j.Stall");
                recording.onEvent("io.github.libco4j.Stall", events::add);
                recording.onFlush(begun::countDown);
                recording.startAsync();
                begun.await();
                for (String name : List.of("first", "second")) {
                    RecordedEvent event;
                    do { // On a busy machine the watchdog may come too late for a short stall.
                        loop.spawn(name, Records::hold).join();
                        event = events.poll(2, TimeUnit.SECONDS);
                    } while (event == null || !event.getString("coroutine").contains(name));
                    System.out.println(event.getString("loop") + " " + event.getString("coroutine") + " "
                            + (event.getDuration("heldFor").toMillis() >= 100) + " " + event.getString("place"));
                }
                System.out.println(log.all().size() + " logged");
            }
        }

        private static void hold() {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 300_000_000) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void eachStallIsAnEventAndEachPlaceIsLoggedOnce() throws Exception {
        String place = " true " + Records.class.getName() + ".hold";
        assertThat(ChildJvm.output(List.of(), Records.class).lines())
                .containsExactly("busy 'first'" + place, "busy 'second'" + place, "1 logged");
    }

    /** Prints whether the watchdog parks once all loops are idle, and ends with the last. */
    public static final class Idle {
        public static void main(String[] args) throws Exception {
            try (EventLoop loop = EventLoop.builder().start()) {
                loop.spawn(() -> {}).join();
                Await.until("the watchdog parks", () -> state() == Thread.State.WAITING);
                loop.spawn(() -> Await.until("the watchdog looks", () -> state() != Thread.State.WAITING)).join();
            }
            Await.until("the watchdog ends", () -> watchdog().isEmpty());
            try (EventLoop loop = EventLoop.builder().start()) {
                loop.spawn(() -> {}).join();
                System.out.println(watchdog().isPresent() ? "watched" : "no watchdog");
            }
        }

        private static Thread.State state() {
            return watchdog().orElseThrow().getState();
        }

        private static Optional<Thread> watchdog() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("libco4j-watchdog"))
                    .findAny();
        }
    }

    @Test
    void theWatchdogParksWhileAllLoopsAreIdleAndEndsWithTheLast() throws Exception {
        assertThat(ChildJvm.output(List.of(), Idle.class)).isEqualToIgnoringNewLines("watched");
    }
}
