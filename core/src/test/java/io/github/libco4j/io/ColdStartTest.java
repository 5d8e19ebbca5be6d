package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import io.github.libco4j.support.ChildJvm;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The very first I/O of a process is in a coroutine: the JDK's pollers must not become coroutines of its loop. */
@Tag("any-readiness")
class ColdStartTest {
    /** Runs in a process of its own. */
    public static final class FirstIoInACoroutine {
        private static final class Initialiser {
            static int read;

            static {
                try (Connection connection = Connection.open()) {
                    FirstIoInACoroutine.writeSoon(connection);
                    read = connection.here().getInputStream().read();
                } catch (Exception e) {
                    throw new ExceptionInInitializerError(e);
                }
            }
        }

        /** Outside of the initialiser: its own code can run in no other thread until it has ended. */
        private static void writeSoon(Connection connection) {
            Strand writer = new Strand();
            writer.startedOn(Thread.ofPlatform().daemon().unstarted(Strand.running(writer, () -> {
                Thread.sleep(100);
                connection.there().getOutputStream().write(2);
                return "wrote";
            })));
        }

        public static void main(String[] args) throws Exception {
            int[] read = new int[2];
            boolean pinned = args[0].equals("pinned");
            try (EventLoop loop = EventLoop.builder().name("first").start()) {
                var coroutine = loop.spawn(() -> {
                    if (!pinned) {
                        readOnce(loop, read);
                    }
                    read[1] = Initialiser.read;
                });
                if (!coroutine.join(Duration.ofSeconds(30))) {
                    System.out.println("HANGS " + loop.dump());
                    Runtime.getRuntime().halt(3);
                }
                System.out.println(loop.statistics().readiness() + " / coroutines started "
                        + loop.statistics().started() + " / read " + read[0] + read[1]);
            }
        }

        private static void readOnce(EventLoop loop, int[] read) throws Exception {
            try (Connection connection = Connection.open()) {
                Socket here = connection.here();
                var reader = loop.spawn(() -> read[0] = here.getInputStream().read());
                Thread.sleep(20);
                connection.there().getOutputStream().write(1);
                reader.join();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "unpinned, -Dlibco4j.readiness=epoll, epoll / coroutines started 2 / read 12",
        "pinned,   -Dlibco4j.readiness=epoll, epoll / coroutines started 1 / read 02",
        "unpinned, -Dlibco4j.readiness=jdk,   jdk pollers / coroutines started 2 / read 12",
        "pinned,   -Dlibco4j.readiness=jdk,   jdk pollers / coroutines started 1 / read 02",
        "pinned,   -Djdk.pollerMode=1,        epoll / coroutines started 1 / read 02",
        "unpinned, -Djdk.pollerMode=1,        epoll / coroutines started 2 / read 12",
        "unpinned, -Djdk.pollerMode=2,        epoll / coroutines started 2 / read 12",
        "unpinned, -Dlibco4j.registration=each-wait, 'epoll, registering at each wait / coroutines started 2 / read 12'",
    })
    void theFirstIoOfAProcessIsInACoroutine(String how, String option, String printed) throws Exception {
        assertThat(ChildJvm.output(List.of(option), FirstIoInACoroutine.class, how)).contains(printed);
    }
}
