package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the flight recorder is told of each loop while it records. In processes of their own: this one's is not used. */
@Tag("any-readiness")
@Timeout(120)
class FlightRecorderTest {
    private static final String EVENT = "io.github.libco4j.LoopStatistics";

    /** Prints figures of two loops. */
    public static final class Records {
        /** It would be collected if nobody knew it. */
        @SuppressWarnings("UnusedVariable")
        private static Coroutine yields;

        public static void main(String[] args) throws Exception {
            LinkedBlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
            try (RecordingStream recording = new RecordingStream();
                    EventLoop idle = EventLoop.builder().name("idle").start();
                    EventLoop busy = EventLoop.builder().name("busy").start()) {
                idle.spawn(LockSupport::park);
                Coroutine.Body sleeps = () -> {
                    while (true) {
                        Thread.sleep(1);
                    }
                };
                busy.spawn(sleeps);
                busy.spawn(sleeps);
                yields = busy.spawn(Coroutine::yield);
                recording.enable(EVENT).withPeriod(Duration.ofMillis(100));
                recording.onEvent(EVENT, events::add);
                recording.startAsync();
                RecordedEvent first = next(events, "busy");
                RecordedEvent second;
                do { // At the beginning, two may come at once.
                    second = next(events, "busy");
                } while (second.getLong("runs") == first.getLong("runs"));
                RecordedEvent other = next(events, "idle");
                System.out.println("idle " + other.getInt("coroutines") + " " + other.getInt("blocked") + " " + other.getLong("runs"));
                System.out.println("busy " + second.getInt("coroutines") + " " + second.getInt("yielded")
                        + (second.getDuration("runNanos").compareTo(first.getDuration("runNanos")) > 0 ? " and works" : ""));
            }
        }

        private static RecordedEvent next(LinkedBlockingQueue<RecordedEvent> events, String loop) throws Exception {
            while (true) {
                RecordedEvent event = events.poll(30, TimeUnit.SECONDS);
                if (event == null) {
                    throw new AssertionError("no event of " + loop);
                }
                if (event.getString("loop").equals(loop)) {
                    return event;
                }
            }
        }
    }

    @Test
    void itIsToldHowEachLoopIsGettingOnAsOftenAsTheRecordingSays() throws Exception {
        assertThat(ChildJvm.output(List.of(), Records.class).lines())
                .containsExactly("idle 1 1 1", "busy 3 1 and works");
    }

    /** Prints whether the flight recorder was used, after a time in which the watchdog has looked. */
    public static final class Unrecorded {
        public static void main(String[] args) throws Exception {
            EventLoop.run(_ -> {
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(1500)) {
                    Thread.sleep(20);
                }
            });
            System.out.println(FlightRecorder.isInitialized() ? "used" : "not used");
        }
    }

    @Test
    void itIsNotUsedWithoutARecording() throws Exception {
        assertThat(ChildJvm.output(List.of("-Xlog:class+load"), Unrecorded.class).lines())
                .contains("not used")
                .noneMatch(line -> line.contains("LoopStatisticsEvent") || line.contains("libco4j.internal.loop.LoopEvent"));
    }
}
