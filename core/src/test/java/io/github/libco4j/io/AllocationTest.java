package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.libco4j.EventLoop;
import io.github.libco4j.support.ChildJvm;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An echo allocates nothing in libco4j. Asked in the interpreter, where nothing that is allocated can be optimised away:
 * there the JDK makes one object of 16 bytes for each wait ({@code this::isOpen} in {@code NioSocketImpl.park}), and since
 * JDK 26 another one of 24 bytes for each task that it submits ({@code ForkJoinTask.adapt} in {@code VirtualThread.submit}).
 */
@Timeout(60)
class AllocationTest {
    private static final long BY_THE_JDK = Runtime.version().feature() < 26 ? 16 : 16 + 24;
    private static final int WAITS = 2;

    /** Runs in a process of its own: prints the bytes for each request, of which both ends wait once. */
    public static final class Echo {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private static final int REQUESTS = 200;

        public static void main(String[] args) throws Exception {
            Connection connection = Connection.open();
            connection.here().setTcpNoDelay(true);
            connection.there().setTcpNoDelay(true);
            EventLoop.run(loop -> {
                loop.spawn("server", () -> echo(connection.here()));
                byte[] buffer = new byte[100];
                InputStream in = connection.there().getInputStream();
                OutputStream out = connection.there().getOutputStream();
                for (int round = 0; round < 30; round++) { // The first one allocates what stays.
                    long before = allocated();
                    for (int i = 0; i < REQUESTS; i++) {
                        out.write(buffer, 0, 64);
                        in.read(buffer);
                    }
                    System.out.println((allocated() - before) / REQUESTS);
                }
                connection.there().close();
            });
        }

        /** By the thread of the loop. */
        private static long allocated() {
            return THREADS.getThreadAllocatedBytes(EventLoop.current().thread().threadId());
        }

        private static void echo(Socket socket) throws Exception {
            byte[] buffer = new byte[100];
            for (int n; (n = socket.getInputStream().read(buffer)) > 0; ) {
                socket.getOutputStream().write(buffer, 0, n);
            }
        }
    }

    @Test
    void anEchoAllocatesNothingInTheSteadyState() throws Exception {
        List<Long> bytes = ChildJvm.output(List.of("-Xint", "-XX:+UseSerialGC"), Echo.class)
                .lines()
                .map(Long::valueOf)
                .sorted()
                .toList();
        // On a busy machine the JVM makes a coroutine a new piece of stack now and then; that is no request's.
        assertThat(bytes.get(bytes.size() / 4))
                .as("bytes for each request, the lower quartile of the rounds %s", bytes)
                .isLessThanOrEqualTo(WAITS * BY_THE_JDK);
    }
}
