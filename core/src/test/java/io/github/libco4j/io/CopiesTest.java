package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ConstantDescs;
import java.lang.ref.WeakReference;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several copies of libco4j in one process, by a class loader each. Each test has a process of its own. */
@Tag("any-readiness")
class CopiesTest {
    private static String await(Future<String> outcome) throws Exception {
        return outcome.get(Strand.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Runs in a process of its own: two copies in turn, and with each other; prints how each registers. Uses so many
     * sockets before the first copy comes, and so many between the two.
     */
    public static final class TwoCopies {
        private static final List<Copy> COPIES = new ArrayList<>();

        public static void main(String[] args) throws Exception {
            for (int i = 0; i < 2; i++) {
                for (int sockets = Integer.parseInt(args[i]); sockets > 0; sockets--) {
                    new ServerSocket(0).close();
                }
                Copy copy = new Copy("copy-" + i);
                COPIES.add(copy);
                serve(copy);
                serve(COPIES.getFirst());
            }
            for (int i = 0; i < 20; i++) {
                serve(copy(i));
            }
            shareAConnection();
            closeWhatTheOtherReads();
            for (Copy copy : COPIES) {
                awaitStart();
                System.out.println(copy.readiness());
            }
        }

        /** Each in turn. */
        private static Copy copy(int i) {
            return COPIES.get(i % COPIES.size());
        }

        /** The connection has the numbers of the one before. */
        private static void serve(Copy copy) throws Exception {
            try (Connection connection = Connection.open()) {
                Future<String> server = copy.spawn(() -> {
                    for (int value; (value = connection.here().getInputStream().read()) >= 0; ) {
                        connection.here().getOutputStream().write(value);
                    }
                    return "end";
                });
                Future<String> client = copy.spawn(() -> {
                    for (int i = 0; i < 3; i++) {
                        Thread.sleep(1);
                        connection.there().getOutputStream().write(i);
                        if (connection.there().getInputStream().read() != i) {
                            throw new IOException("not " + i);
                        }
                    }
                    connection.there().close();
                    return "asked";
                });
                expect("returned asked", client);
                expect("returned end", server);
            }
        }

        /** One socket is read, and at the same time written, by coroutines of both in turn. */
        private static void shareAConnection() throws Exception {
            try (Connection connection = Connection.open()) {
                Socket here = connection.here();
                for (int i = 0; i < 40; i++) {
                    Future<String> reader = copy(i).spawn(() -> here.getInputStream().read());
                    byte[] one = {(byte) i};
                    expect("returned null", copy(i / 2).spawn(() -> {
                        Thread.sleep(1);
                        connection.there().getOutputStream().write(one);
                        return null;
                    }));
                    expect("returned " + i, reader);
                }
            }
        }

        private static void closeWhatTheOtherReads() throws Exception {
            for (int i = 0; i < 10; i++) {
                try (Connection connection = Connection.open()) {
                    Socket here = connection.here();
                    Thread[] reads = new Thread[1];
                    Future<String> reader = copy(i).spawn(() -> {
                        reads[0] = Thread.currentThread();
                        return here.getInputStream().read();
                    });
                    Await.until("the reader waits", () -> reads[0] != null && reads[0].getState() == Thread.State.WAITING);
                    expect("returned null", copy(i + 1).spawn(() -> {
                        here.close();
                        return null;
                    }));
                    expect("threw SocketException: Socket closed", reader);
                }
            }
        }

        private static void expect(String expected, Future<String> outcome) throws Exception {
            String what = await(outcome);
            if (!what.equals(expected)) {
                throw new IllegalStateException(what + ", not " + expected);
            }
        }
    }

    /** Waits until the thread that takes the pollers over has found out what it can rely upon. */
    private static void awaitStart() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("libco4j-start")) {
                thread.join();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-Dlibco4j.readiness=epoll, epoll",
        "-Dlibco4j.readiness=jdk, jdk pollers",
        "-Dlibco4j.registration=each-wait, 'epoll, registering at each wait'",
        "-Dlibco4j.seed=7, epoll",
    })
    void bothServeTheirConnections(String option, String readiness) throws Exception {
        assertThat(ChildJvm.output(List.of(option), TwoCopies.class, "0", "0").lines()).containsExactly(readiness, readiness);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, epoll", "0, 3000, epoll", "3000, 0, 'epoll, registering at each wait'"})
    void bothRelyOnWhatTheFirstCouldPutInPlace(String before, String between, String readiness) throws Exception {
        // In the foreground: what is called often enough is compiled at once, however busy the machine is.
        assertThat(ChildJvm.output(List.of("-Xbatch"), TwoCopies.class, before, between).lines())
                .containsExactly(readiness, readiness);
    }

    /** Runs in a process of its own: copies are made, used and dropped, again and again; prints how many are left. */
    public static final class Redeployment {
        private static final int TIMES = 4;

        public static void main(String[] args) throws Exception {
            List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
            for (String how : args) {
                for (int i = 0; i < TIMES; i++) {
                    dropped.add(deployAndDrop(how));
                }
            }
            Await.untilCollected(
                    "none of " + dropped.size() + " is left",
                    () -> dropped.stream().allMatch(loader -> loader.refersTo(null)));
            System.out.println("none is left");
        }

        private static WeakReference<ClassLoader> deployAndDrop(String how) throws Exception {
            Copy copy = new Copy(how);
            copy.use(how);
            return new WeakReference<>(copy.loader());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Dlibco4j.readiness=epoll", "-Dlibco4j.readiness=jdk", "-Djdk.pollerMode=1"})
    void aCopyWhoseLoopsAreClosedIsCollected(String option) throws Exception {
        String[] ways = {"start", "run", "tick", "group", "blocking", "pinned", "throws"};
        assertThat(ChildJvm.output(List.of(option), Redeployment.class, ways)).isEqualToIgnoringNewLines("none is left");
    }

    @Test
    void theFlightRecorderDoesNotKeepACopyThatItHasAskedForStatistics() throws Exception {
        assertThat(ChildJvm.output(List.of(), Redeployment.class, "recorded")).isEqualToIgnoringNewLines("none is left");
    }

    /** Runs in a process of its own: a copy of another release comes second; prints what it says. */
    public static final class TwoReleases {
        public static void main(String[] args) throws Exception {
            Copy first = new Copy("first");
            String before = first.readiness();
            Copy other = new Copy("other", Path.of(args[0]));
            for (int i = 0; i < 2; i++) {
                try {
                    other.readiness();
                } catch (IllegalStateException e) {
                    System.out.println(e.getMessage());
                }
            }
            Callable<?> body = () -> "served";
            System.out.println(before.equals(first.readiness()) + " " + await(first.spawn(body)));
        }
    }

    @Test
    void aCopyOfAnotherReleaseSaysSoAndHarmsNobody(@TempDir Path directory) throws Exception {
        Path classes = Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path changed = Path.of("META-INF/libco4j/sun/nio/ch/LoopAffinity.class");
        Files.createDirectories(directory.resolve(changed).getParent());
        ClassFile format = ClassFile.of();
        Files.write(
                directory.resolve(changed),
                format.transformClass(
                        format.parse(Files.readAllBytes(classes.resolve(changed))),
                        ClassTransform.endHandler(type -> type.withField("another", ConstantDescs.CD_int, 0))));
        List<String> printed =
                ChildJvm.output(List.of(), TwoReleases.class, directory.toString()).lines().toList();
        URL place = classes.toUri().toURL();
        String message = "this process runs another release of libco4j already, from " + place
                + ", which this one, from " + place
                + ", cannot run beside: use the same release of libco4j everywhere in a process";
        assertThat(printed).containsExactly(message, message, "true returned served");
    }
}
