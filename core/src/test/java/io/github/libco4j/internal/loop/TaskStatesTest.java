package io.github.libco4j.internal.loop;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.internal.jdk.CriticalSection;
import io.github.libco4j.internal.loop.Task.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of a task's states in the first comment of {@link Scheduler}: each transition is driven here. */
@Tag("any-readiness")
class TaskStatesTest {
    private static final Path SCHEDULER = Path.of(
            System.getProperty("basedir", "."), "src/main/java/io/github/libco4j/internal/loop/Scheduler.java");

    /** A line of the table. */
    private static final Pattern LINE = Pattern.compile("(?m)^     \\* +([A-Z]+) -> ([A-Z]+) +// ");

    /** On the thread that has made it: JUnit runs a test on another than that which makes the test's object. */
    private Rig rig = Rig.here();

    private final List<String> log = new ArrayList<>();

    /** The test's own thread is the owner of the loop's; a name is a coroutine that the scenario makes. */
    private final Map<String, Runnable> scenarios = new LinkedHashMap<>();

    private String is(Object task) {
        return ((Task) task).state().toString();
    }

    private Object task(Runnable body) {
        return rig.loop.newTask(null, body);
    }

    private Object started(Runnable body) {
        Object task = task(body);
        Scheduler.start((Task) task);
        return task;
    }

    {
        scenarios.put("NEW -> READY", () -> {
            Object task = task(() -> {});
            assertThat(is(task)).isEqualTo("NEW");
            Scheduler.start((Task) task);
            assertThat(is(task)).isEqualTo("READY");
        });
        scenarios.put("NEW -> YIELDED", () -> {
            Object task = task(() -> {});
            Tasks.schedulerOf(rig.loop).startSuspended((Task) task);
            assertThat(is(task)).isEqualTo("YIELDED");
        });
        scenarios.put("YIELDED -> NEW", () -> {
            Object task = task(() -> log.add("ran"));
            Rig.elsewhere(() -> ((Task) task).thread().start());
            assertThat(is(task)).isEqualTo("NEW"); // The loop has yet to take it.
            assertThatThrownBy(() -> Tasks.schedulerOf(rig.loop).startSuspended((Task) task))
                    .isInstanceOf(IllegalThreadStateException.class);
            assertThat(is(task)).isEqualTo("NEW");
            rig.iterate();
            assertThat(log).containsExactly("ran");
        });
        scenarios.put("READY -> RUNNING", () -> {
            Object task = started(() -> log.add(is(Task.current())));
            assertThat(is(task)).isEqualTo("READY");
            rig.iterate();
            assertThat(log).containsExactly("RUNNING");
        });
        scenarios.put("RUNNING -> RESUMING", () -> {
            rig.start("resumes", () -> {
                Object self = Scheduler.caller();
                log.add(is(self));
                Scheduler.resume((Task) task(() -> log.add(is(self))));
            });
            rig.iterate();
            assertThat(log).containsExactly("RUNNING", "RESUMING");
        });
        scenarios.put("RESUMING -> RUNNING", () -> {
            rig.start("resumes", () -> {
                Object self = Scheduler.caller();
                Scheduler.resume((Task) task(() -> log.add(is(self))));
                log.add(is(self));
            });
            rig.iterate();
            assertThat(log).containsExactly("RESUMING", "RUNNING");
        });
        scenarios.put("RUNNING -> YIELDED", () -> {
            Object task = started(() -> {
                log.add(is(Scheduler.caller()));
                Scheduler.yieldCurrent();
            });
            rig.iterate();
            assertThat(log).containsExactly("RUNNING");
            assertThat(is(task)).isEqualTo("YIELDED");
        });
        scenarios.put("YIELDED -> RUNNING", () -> {
            Object task = started(() -> {
                Scheduler.yieldCurrent();
                log.add(is(Scheduler.caller()));
            });
            rig.iterate();
            assertThat(is(task)).isEqualTo("YIELDED");
            Scheduler.resume((Task) task);
            assertThat(log).containsExactly("RUNNING");
        });
        scenarios.put("YIELDED -> READY", () -> {
            Object task = started(Scheduler::yieldCurrent);
            rig.iterate();
            assertThat(is(task)).isEqualTo("YIELDED");
            Tasks.schedulerOf(rig.loop).cancel((Task) task);
            assertThat(is(task)).isEqualTo("READY");
        });
        scenarios.put("RUNNING -> BLOCKED", () -> {
            Object task = started(() -> {
                log.add(is(Scheduler.caller()));
                LockSupport.park();
            });
            rig.iterate();
            assertThat(log).containsExactly("RUNNING");
            assertThat(is(task)).isEqualTo("BLOCKED");
        });
        scenarios.put("RUNNING -> READY", () -> {
            Object[] task = new Object[1];
            task[0] = started(() -> {
                log.add(is(Scheduler.caller()));
                started(() -> log.add(is(task[0])));
                yieldToTheLoop();
            });
            rig.iterate();
            assertThat(log).containsExactly("RUNNING", "READY");
        });
        scenarios.put("BLOCKED -> READY", () -> {
            Object task = started(LockSupport::park);
            rig.iterate();
            assertThat(is(task)).isEqualTo("BLOCKED");
            LockSupport.unpark(((Task) task).thread());
            assertThat(is(task)).isEqualTo("READY");
        });
        scenarios.put("BLOCKED -> RUNNING", () -> {
            Object[] task = new Object[1];
            task[0] = started(() -> {
                started(() -> {
                    log.add(is(task[0]));
                    LockSupport.unpark(((Task) task[0]).thread());
                });
                CriticalSection.enter(); // It cannot leave its thread, and so has the seat passed to a spare one.
                LockSupport.park();
                CriticalSection.exit();
                log.add(is(task[0]));
            });
            rig.iterate();
            assertThat(log).containsExactly("BLOCKED", "RUNNING");
        });
        scenarios.put("RUNNING -> DONE", () -> {
            Object task = started(() -> log.add(is(Task.current())));
            rig.iterate();
            assertThat(log).containsExactly("RUNNING");
            assertThat(is(task)).isEqualTo("DONE");
        });
    }

    @SuppressWarnings("ThreadPriorityCheck") // No hint: the loop queues the caller.
    private static void yieldToTheLoop() {
        Thread.yield();
    }

    @TestFactory
    Stream<DynamicTest> eachTransitionIsMade() {
        return scenarios.keySet().stream()
                .map(transition -> DynamicTest.dynamicTest(transition, () -> new TaskStatesTest().drive(transition)));
    }

    private void drive(String transition) {
        scenarios.get(transition).run();
    }

    @Test
    void theTableHasThoseThatAreMadeHere() throws Exception {
        assertThat(described()).containsExactlyInAnyOrderElementsOf(scenarios.keySet());
    }

    /** Each transition that the scheduler makes passes an assertion, which holds in all tests. */
    @Test
    void theTableHasThoseThatTheSchedulersAssertionAllows() throws Exception {
        Set<String> allowed = new TreeSet<>();
        for (State from : State.values()) {
            for (State to : State.values()) {
                if (Scheduler.isTransition(from, to)) {
                    allowed.add(from + " -> " + to);
                }
            }
        }
        assertThat(described()).isEqualTo(allowed);
    }

    private static Set<String> described() throws Exception {
        String source = Files.readString(SCHEDULER);
        String table = source.substring(source.indexOf("State transitions"), source.indexOf("A thread that takes a task's stack trace"));
        return LINE.matcher(table)
                .results()
                .map(line -> line.group(1) + " -> " + line.group(2))
                .collect(toCollection(TreeSet::new));
    }

    // ------------------------------------------------------------------------------------- discarded on any thread

    @Test
    void aNewTaskThatIsClosedIsShownAsDone() {
        rig = Rig.here();
        Object task = task(() -> log.add("ran"));
        Rig.elsewhere(() -> assertThat(Scheduler.discard((Task) task)).isTrue());
        assertThat(is(task)).isEqualTo("DONE");
        assertThatThrownBy(() -> Scheduler.resume((Task) task)).hasMessageContaining("it has ended");
        assertThat(log).isEmpty();
    }

    @Test
    void aTaskThatItsLoopRefusesIsShownAsDone() {
        rig = Rig.here();
        rig.loop.lifecycle().shutdown();
        Object task = task(() -> {});
        Rig.elsewhere(() -> assertThatThrownBy(() -> Scheduler.start((Task) task))
                .isInstanceOf(RejectedExecutionException.class));
        assertThat(is(task)).isEqualTo("DONE");
    }

    @Test
    void aTaskThatIsClosedWhileItsStartIsUnderWayEndsWithoutItsBody() {
        rig = Rig.here();
        Object task = task(() -> log.add(Scheduler.caller().isCancelled() ? "told to end" : "ran"));
        Rig.elsewhere(() -> ((Task) task).thread().start());
        assertThat(Scheduler.discard((Task) task)).isTrue();
        assertThat(is(task)).isEqualTo("DONE");
        rig.iterate();
        assertThat(log).containsExactly("told to end");
        assertThat(is(task)).isEqualTo("DONE");
        assertThat(((Task) task).thread().isAlive()).isFalse();
        assertThat(rig.loop.size()).isZero();
    }

    @Test
    void aTaskThatHasBeenStartedIsNotDiscarded() {
        rig = Rig.here();
        Object task = started(() -> log.add("ran"));
        assertThat(Scheduler.discard((Task) task)).isFalse();
        rig.iterate();
        assertThat(log).containsExactly("ran");
    }
}
