package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Environment variables of one coroutine. The process has PATH and HOME, as everywhere, and nothing called LIBCO4J_*. */
@Tag("agent")
class EnvironmentTest {
    private static final String NAME = "LIBCO4J_NAME";
    private static final String PATH = System.getenv("PATH");
    private static final Map<String, String> PROCESS = new HashMap<>(System.getenv());

    @Test
    void whatIsSetIsSeenAndTheRestIsTheProcess() throws Exception {
        EventLoop.run(loop -> {
            Environment.set(NAME, "mine");
            assertThat(System.getenv(NAME)).isEqualTo("mine");
            assertThat(System.getenv("PATH")).isEqualTo(PATH).isNotNull();
            assertThat(System.getenv("LIBCO4J_NO_SUCH")).isNull();
            Environment.set(NAME, "");
            assertThat(System.getenv(NAME)).isEmpty();
        });
        assertThat(System.getenv(NAME)).isNull();
    }

    @Test
    void unsetHidesAndResetShowsTheProcessAgain() throws Exception {
        EventLoop.run(loop -> {
            Environment.set("PATH", "/mine");
            assertThat(System.getenv("PATH")).isEqualTo("/mine");
            Environment.unset("PATH");
            assertThat(System.getenv("PATH")).isNull();
            assertThat(System.getenv()).doesNotContainKey("PATH");
            Environment.reset("PATH");
            assertThat(System.getenv("PATH")).isEqualTo(PATH);
            assertThat(System.getenv()).isEqualTo(PROCESS);
            Environment.reset("LIBCO4J_NO_SUCH");
            assertThat(System.getenv("LIBCO4J_NO_SUCH")).isNull();
        });
    }

    @Test
    void theMapIsAsTheJdksOwnWithTheOverlayApplied() throws Exception {
        EventLoop.run(loop -> {
            Environment.set(NAME, "mine");
            Environment.set("HOME", "/mine");
            Environment.unset("PATH");
            Map<String, String> expected = new HashMap<>(PROCESS);
            expected.put(NAME, "mine");
            expected.put("HOME", "/mine");
            expected.remove("PATH");

            Map<String, String> seen = System.getenv();
            assertThat(seen).isEqualTo(expected).hasSize(expected.size());
            assertThat(seen.entrySet()).isEqualTo(expected.entrySet());
            assertThat(seen.keySet()).isEqualTo(expected.keySet());
            assertThat(seen.values()).containsExactlyInAnyOrderElementsOf(expected.values());
            assertThat(seen.containsKey(NAME)).isTrue();
            assertThat(seen.containsKey("PATH")).isFalse();
            assertThat(seen.containsValue("/mine")).isTrue();
            assertThat(seen.get("HOME")).isEqualTo("/mine");

            assertThatThrownBy(() -> seen.put(NAME, "other")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> seen.remove(NAME)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> seen.entrySet().iterator().next().setValue("other"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> seen.get(null)).isInstanceOf(NullPointerException.class);
            Map<?, ?> raw = seen;
            assertThatThrownBy(() -> raw.containsKey(List.of())).isInstanceOf(ClassCastException.class);
            assertThatThrownBy(() -> System.getenv(null)).isInstanceOf(NullPointerException.class);
        });
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void childProcessesGetIt() throws Exception {
        EventLoop.run(loop -> {
            Environment.set(NAME, "mine ü");
            Environment.unset("HOME");
            String script = "echo \"$" + NAME + ",${HOME-none},$PATH\"";
            String expected = "mine ü,none," + PATH;
            var untouched = new ProcessBuilder("/bin/sh", "-c", script);
            assertThat(output(untouched.start())).isEqualTo(expected);
            assertThat(output(Runtime.getRuntime().exec(new String[] {"/bin/sh", "-c", script}))).isEqualTo(expected);

            var changed = new ProcessBuilder("/bin/sh", "-c", script);
            assertThat(changed.environment()).containsEntry(NAME, "mine ü").doesNotContainKey("HOME");
            changed.environment().put("HOME", "/given");
            assertThat(output(changed.start())).isEqualTo("mine ü,/given," + PATH);

            String[] given = {"PATH=/given"};
            assertThat(output(Runtime.getRuntime().exec(new String[] {"/bin/sh", "-c", script}, given)))
                    .isEqualTo(",none,/given");
        });
        assertThat(new ProcessBuilder().environment()).isEqualTo(PROCESS);
    }

    private static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.stripTrailing();
    }

    @Test
    void whatAProcessBuilderHasTakenBeforeStays() throws Exception {
        EventLoop.run(loop -> {
            Environment.set(NAME, "before");
            Map<String, String> taken = new ProcessBuilder().environment();
            Map<String, String> asked = System.getenv();
            Environment.set(NAME, "after");
            assertThat(taken).containsEntry(NAME, "before");
            assertThat(asked).containsEntry(NAME, "before");
        });
    }

    // ------------------------------------------------------------------------------------------------ inheritance

    /** What a new thread of some kind sees of the variable and the property that its creator has set. */
    private static String seenIn(Callable<Thread> starter, String[] result) throws Exception {
        starter.call().join();
        return result[0];
    }

    private static Runnable look(String[] result) {
        return () -> result[0] = System.getenv(NAME) + " " + System.getProperty(NAME);
    }

    @Test
    void coroutinesStartedInsideInheritHoweverTheyAreStarted() throws Exception {
        try (EventLoop other = EventLoop.builder().name("other").start()) {
            EventLoop.run(loop -> {
                Environment.set(NAME, "variable");
                Environment.setProperty(NAME, "property");
                String[] seen = new String[1];
                Runnable look = look(seen);
                List<Callable<Thread>> starters = List.of(
                        () -> loop.spawn(look::run).thread(),
                        () -> other.spawn(look::run).thread(),
                        () -> Thread.ofVirtual().start(look),
                        () -> Thread.startVirtualThread(look),
                        () -> {
                            Thread thread = loop.threadFactory().newThread(look);
                            thread.start();
                            return thread;
                        });
                for (Callable<Thread> starter : starters) {
                    seen[0] = null;
                    assertThat(seenIn(starter, seen)).isEqualTo("variable property");
                }
                seen[0] = null;
                try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                    executor.submit(look).get();
                }
                assertThat(seen[0]).isEqualTo("variable property");
                seen[0] = null;
                loop.create(look::run).resume();
                assertThat(seen[0]).isEqualTo("variable property");
            });
        }
    }

    @Test
    void oneThatIsMadeNotToInheritDoesNot() throws Exception {
        EventLoop.run(loop -> {
            Environment.set(NAME, "variable");
            Environment.setProperty(NAME, "property");
            String[] seen = new String[1];
            var builder = Thread.ofVirtual().inheritInheritableThreadLocals(false);
            assertThat(seenIn(() -> builder.start(look(seen)), seen)).isEqualTo("null null");
        });
    }

    @Test
    void oneThatResetsHasNothingInheritedAndItsCreatorKeepsItsOwn() throws Exception {
        EventLoop.run(loop -> {
            Environment.set(NAME, "variable");
            Environment.unset("PATH");
            Environment.setProperty(NAME, "property");
            loop.create(() -> {
                Environment.reset();
                assertThat(System.getenv()).isEqualTo(PROCESS);
                assertThat(System.getProperty(NAME)).isNull();
            }).resume();
            assertThat(System.getenv(NAME)).isEqualTo("variable");
            assertThat(System.getenv("PATH")).isNull();
            assertThat(System.getProperty(NAME)).isEqualTo("property");
        });
    }

    @Test
    void whatIsInheritedIsACopy() throws Exception {
        EventLoop.run(loop -> {
            Environment.set(NAME, "first");
            Coroutine child = loop.create(() -> {
                assertThat(System.getenv(NAME)).isEqualTo("first");
                Environment.set(NAME, "child's");
                Environment.set(NAME + "_2", "child's");
                Coroutine.yield();
                assertThat(System.getenv(NAME)).isEqualTo("child's");
            });
            Environment.set(NAME, "second"); // After the child was created: it does not see this.
            child.resume();
            assertThat(System.getenv(NAME)).isEqualTo("second");
            assertThat(System.getenv(NAME + "_2")).isNull();
            Environment.set(NAME, "third");
            child.resume();
        });
    }

    @Test
    void resettingACoroutineMakesItInheritAnew() throws Exception {
        EventLoop.run(loop -> {
            List<String> seen = new ArrayList<>();
            Coroutine child = loop.create(() -> {
                seen.add(System.getenv(NAME));
                Environment.set(NAME, "child's");
            });
            child.resume();
            Environment.set(NAME, "creator's");
            child.reset();
            child.resume();
            assertThat(seen).containsExactly(null, "creator's");
        });
    }

    @Test
    void platformThreadsStartedInsideSeeNothingAndPassNothingOn() throws Exception {
        try (EventLoop other = EventLoop.builder().name("other").start()) {
            EventLoop.run(loop -> {
                Environment.set(NAME, "variable");
                Environment.setProperty(NAME, "property");
                String[] seen = new String[3];
                Thread platform = Thread.ofPlatform().start(() -> {
                    seen[0] = System.getenv(NAME) + System.getProperty(NAME) + System.getenv().get(NAME);
                    try {
                        Thread stock = Thread.ofVirtual().start(() -> seen[1] = System.getenv(NAME));
                        stock.join();
                        other.spawn(() -> seen[2] = System.getenv(NAME)).join();
                    } catch (InterruptedException e) {
                        seen[0] = e.toString();
                    }
                });
                platform.join();
                assertThat(seen).containsExactly("nullnullnull", null, null);
            });
        }
    }

    @Test
    void aGeneratorSeesThatOfWhoeverPullsIt() throws Exception {
        EventLoop.run(loop -> {
            Environment.set(NAME, "consumer's");
            assertThat(Generator.<String>of(g -> g.yield(System.getenv(NAME))).next()).isEqualTo("consumer's");
        });
    }

    // ------------------------------------------------------------------------------------------------ many at once

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aThousandAtOnceSeeEachTheirOwn() throws Exception {
        int coroutines = 1_000;
        int withProcess = 20; // Starting one takes the loop some milliseconds.
        List<String> wrong = new ArrayList<>();
        int[] passed = new int[1];
        EventLoop.run(loop -> {
            CyclicBarrier allHaveSet = new CyclicBarrier(coroutines);
            CountDownLatch ended = new CountDownLatch(coroutines);
            for (int i = 0; i < coroutines; i++) {
                int number = i;
                loop.spawn(() -> {
                    String mine = "value " + number;
                    Environment.set(NAME, mine);
                    Environment.setProperty(NAME, mine);
                    Environment.set("LIBCO4J_" + number, mine);
                    if (number % 2 == 0) {
                        Environment.unset("PATH");
                    }
                    try {
                        allHaveSet.await();
                        check(wrong, mine, System.getenv(NAME));
                        check(wrong, mine, System.getProperty(NAME));
                        check(wrong, mine, System.getProperties().getProperty(NAME));
                        Thread.sleep(1);
                        check(wrong, mine, System.getenv().get(NAME));
                        Map<String, String> environment = new ProcessBuilder().environment();
                        check(wrong, mine, environment.get(NAME));
                        Map<String, String> expected = new HashMap<>(PROCESS);
                        expected.put(NAME, mine);
                        expected.put("LIBCO4J_" + number, mine);
                        if (number % 2 == 0) {
                            expected.remove("PATH");
                        }
                        check(wrong, "all", environment.equals(expected) ? "all" : environment.toString());
                        if (number % (coroutines / withProcess) == 0) {
                            Process process = new ProcessBuilder("/bin/sh", "-c", "echo $" + NAME).start();
                            check(wrong, mine, output(process));
                        }
                        passed[0]++;
                    } finally {
                        ended.countDown();
                    }
                });
            }
            Await.latch(ended);
        });
        assertThat(wrong).isEmpty();
        assertThat(passed[0]).isEqualTo(coroutines);
        assertThat(System.getenv()).isEqualTo(PROCESS);
        assertThat(System.getProperty(NAME)).isNull();
    }

    private static void check(List<String> wrong, String expected, String seen) {
        if (!expected.equals(seen)) {
            wrong.add("saw " + seen + ", not " + expected);
        }
    }
}
