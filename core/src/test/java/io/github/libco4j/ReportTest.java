package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.CriticalSection;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has blocked is reported, by place. In processes of their own: this one's loops are not watched. */
@Tag("any-readiness")
@Timeout(120)
class ReportTest {
    private static final CountDownLatch PINNED = new CountDownLatch(1);

    /** Parks where it cannot leave its thread. */
    private static void parkPinned() {
        CriticalSection.enter();
        try {
            await(PINNED);
        } finally {
            CriticalSection.exit();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean block(CountDownLatch latch) {
        return Interposition.blocking(() -> await(latch));
    }

    private static void hold() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 400_000_000) {
            Thread.onSpinWait();
        }
    }

    private static void awaitReport(String text) throws Exception {
        Await.until("the report has " + text, () -> Interposition.report().contains(text));
    }

    /** Prints the report while a call goes on, and when it has returned. */
    public static final class Calls {
        public static void main(String[] args) throws Exception {
            try (EventLoop loop = EventLoop.builder().name("calls").start()) {
                for (String count : List.of("1 time", "2 times")) {
                    while (!blockUntilSeen(loop, count)) { // On a busy machine a call may be seen before it has begun.
                        Thread.onSpinWait();
                    }
                }
                Coroutine pinned = loop.spawn("pinned", ReportTest::parkPinned);
                awaitReport("pinned (");
                PINNED.countDown();
                pinned.join();
            }
            System.out.println("at the end: " + Interposition.report());
        }

        private static boolean blockUntilSeen(EventLoop loop, String count) throws Exception {
            CountDownLatch latch = new CountDownLatch(1);
            Coroutine coroutine = loop.spawn("blocks", () -> block(latch));
            String seen = "CountDownLatch.await (jdk.internal.misc.Unsafe.park): " + count;
            long end = System.nanoTime() + 2_000_000_000;
            String report;
            do {
                Thread.sleep(1);
                report = Interposition.report();
            } while (!report.contains(seen) && System.nanoTime() < end);
            System.out.println(report);
            latch.countDown();
            coroutine.join();
            return report.contains(seen);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.logging,jdk.jfr", "java.logging"}) // With a flight recorder, and without.
    void aCallThatBlocksIsReportedWithPlaceAndTimes(String modules) throws Exception {
        String place = ReportTest.class.getName().replace(".", "\\.") + "\\.await calls java\\.util\\.concurrent"
                + "\\.CountDownLatch\\.await \\(jdk\\.internal\\.misc\\.Unsafe\\.park\\): ";
        String ms = "\\d+ ms in all, \\d+ ms at most";
        String goesOn = "; event loops \\[calls]\n  Coroutine 'blocks' is in a call that blocks: its loop goes on meanwhile";
        assertThat(ChildJvm.output(List.of("--limit-modules", modules), Calls.class))
                .containsPattern("^Where coroutines have blocked, .* \\(\\d places; .*\n(?s:.*)\n" + place + "1 time, " + ms + ", 1 goes on"
                        + goesOn)
                .containsPattern(place + "2 times, " + ms + ", 1 goes on" + goesOn)
                .containsPattern("at the end: (?s:.*)" + place + "2 times, " + ms + goesOn)
                .containsPattern("at the end: (?s:.*): 1 time, " + ms + "; event loops \\[calls]\n  Coroutine 'pinned' waits and is "
                        + "pinned \\(.*\\): its loop goes on meanwhile")
                .contains("\tat " + ReportTest.class.getName() + ".block(");
    }

    /** Prints the report of what holds a loop: a call without a spare thread, by choice, a call on a loop that is attached. */
    public static final class Holds {
        public static void main(String[] args) throws Exception {
            System.setErr(System.out); // The report is printed at the end.
            try (EventLoop loop = EventLoop.builder().name("own").start()) {
                loop.spawn("no spare", () -> Interposition.blocking(Holds::holdInCall)).join();
                loop.spawn("by choice", () -> Interposition.disabled(Holds::holdByChoice)).join();
            }
            Process sleep = new ProcessBuilder("sleep", "1").start();
            EventLoop attached = EventLoop.builder().name("attached").attach();
            attached.spawn("reads", () -> sleep.getInputStream().read());
            attached.tick(Duration.ofDays(1));
            attached.close();
        }

        private static boolean holdInCall() {
            hold();
            return true;
        }

        private static void holdByChoice() {
            hold();
        }
    }

    @Test
    void whatHoldsALoopIsReportedWithTheReasonAlsoAtExit() throws Exception {
        String output = ChildJvm.output(List.of("-Dlibco4j.spares=0", "-Dlibco4j.report=exit"), Holds.class);
        assertThat(output)
                .contains("Where coroutines have blocked, or held their event loops (3 places;")
                .contains("event loops [own]\n  Coroutine 'no spare' is in a call that blocks, and no spare thread is left to run the "
                        + "loop meanwhile: -Dlibco4j.spares sets how many a loop has (now 0).")
                .contains("event loops [own]\n  Coroutine 'by choice' holds the loop by choice, in Interposition.disabled.")
                .contains("event loops [attached]\n  Coroutine 'reads' is in a native call, and its loop is attached and cannot leave "
                        + "the thread meanwhile");
    }

    /** Prints one event of each kind. */
    public static final class Events {
        private final LinkedBlockingQueue<RecordedEvent> queue = new LinkedBlockingQueue<>();

        public static void main(String[] args) throws Exception {
            new Events().record();
        }

        private void record() throws Exception {
            CountDownLatch begun = new CountDownLatch(1);
            try (RecordingStream recording = new RecordingStream();
                    EventLoop loop = EventLoop.builder().name("recorded").start()) {
                for (String name : List.of("HandOver", "Pin", "ReadyWait")) {
                    recording.onEvent("io.github.libco4j." + name, queue::add);
                }
                recording.onFlush(begun::countDown);
                recording.startAsync();
                begun.await();
                RecordedEvent handOver;
                do { // On a busy machine a call may be seen before it has begun.
                    CountDownLatch latch = new CountDownLatch(1);
                    Coroutine blocks = loop.spawn("blocks", () -> block(latch));
                    Await.until("it has left the loop", () -> loop.dump().contains("a call that blocks its thread"));
                    latch.countDown();
                    blocks.join();
                    handOver = take("HandOver", "blocks");
                } while (handOver.getString("call").isEmpty());
                System.out.println(handOver.getString("loop") + " " + handOver.getString("call") + " "
                        + handOver.getString("fromThread") + " " + handOver.getString("toThread") + " "
                        + (handOver.getDuration("away").toNanos() > 0));
                Coroutine parks = loop.spawn("parks", ReportTest::parkPinned);
                awaitReport("'parks'");
                PINNED.countDown();
                parks.join();
                RecordedEvent pin = take("Pin", "parks");
                System.out.println(pin.getString("loop") + " " + pin.getBoolean("passed") + " "
                        + pin.getString("reason").startsWith("critical section") + " "
                        + (pin.getDuration("waitedFor").toNanos() > 0));
                RecordedEvent wait;
                do { // On a busy machine the watchdog may come too late for one.
                    loop.spawn("busy", () -> {
                                loop.spawn("waits", () -> {});
                                hold();
                            })
                            .join();
                    wait = poll(event -> is(event, "ReadyWait", "waits"));
                } while (wait == null);
                System.out.println(wait.getString("loop") + " " + (wait.getDuration("waitedFor").toMillis() >= 20));
            }
        }

        private RecordedEvent take(String name, String coroutine) throws Exception {
            RecordedEvent event = poll(each -> is(each, name, coroutine));
            if (event == null) {
                throw new AssertionError("no " + name + " of " + coroutine);
            }
            return event;
        }

        private RecordedEvent poll(Predicate<RecordedEvent> wanted) throws InterruptedException {
            RecordedEvent event;
            do {
                event = queue.poll(5, TimeUnit.SECONDS);
            } while (event != null && !wanted.test(event));
            return event;
        }

        private static boolean is(RecordedEvent event, String name, String coroutine) {
            return event.getEventType().getName().endsWith("." + name)
                    && event.getString("coroutine").equals("'" + coroutine + "'")
                    && event.getEventType().getCategoryNames().equals(List.of("libco4j"));
        }
    }

    @Test
    void theFlightRecorderHasAnEventOfEach() throws Exception {
        assertThat(ChildJvm.output(List.of(), Events.class).lines())
                .containsExactly(
                        "recorded java.util.concurrent.CountDownLatch.await (jdk.internal.misc.Unsafe.park) recorded "
                                + "recorded-spare-1 true",
                        "recorded true true true",
                        "recorded true");
    }
}
