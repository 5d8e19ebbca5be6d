package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** How the classes of this package may depend on one another, and which of them writes what. */
@ArchTag("any-readiness")
@AnalyzeClasses(packages = "io.github.libco4j.internal.loop", importOptions = ImportOption.DoNotIncludeTests.class)
class LoopRoomTest {
    /** Each class depends on those before it only: parts, tasks, what serves the scheduler, the scheduler, the loop. */
    private static final List<String> ORDER = List.of(
            // Parts that know of neither tasks nor loops.
            "Clock",
            "Order",
            "Blocker",
            "LogThread",
            "Sleep",
            "RemoteQueue",
            "LoopThreads",
            "Span",
            "Seat",
            "Spares",
            "TimerWheel",
            "Budget",
            "Load",
            "Registry",
            "Resumer",
            "Owner",
            // Tasks, and what knows of them.
            "Task",
            "ReadyQueue",
            "Readiness",
            "ParkReadiness",
            "Lifecycle",
            "Refusals",
            "Barging",
            "OwnerWait",
            "PinnedReport",
            "LoopStatistics",
            "Watched",
            "Overview",
            "Recording",
            "LoopEvent",
            "StallEvent",
            "HandOverEvent",
            "PinEvent",
            "ReadyWaitEvent",
            "Stall",
            "Report",
            "LoopStatisticsEvent",
            "PeriodicEvents",
            "OwnCode",
            "Watchdog",
            // Who runs when.
            "Scheduler",
            "Unwinding",
            "Termination",
            // All of it together.
            "Loop",
            "ResumeStack",
            "LoopDump");

    @ArchTest
    static void eachClassDependsOnEarlierOnesOnly(JavaClasses classes) {
        Set<String> dependencies = new TreeSet<>();
        Set<String> backwards = new TreeSet<>();
        Set<String> found = new TreeSet<>();
        for (JavaClass c : classes) {
            String from = topLevel(c);
            if (from.equals("package-info")) {
                continue;
            }
            found.add(from);
            c.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().equals(c.getPackageName()))
                    .map(LoopRoomTest::topLevel)
                    .filter(to -> !to.equals(from))
                    .forEach(to -> {
                        dependencies.add(from + " -> " + to);
                        if (ORDER.indexOf(to) > ORDER.indexOf(from)) {
                            backwards.add(from + " -> " + to);
                        }
                    });
        }
        assertThat(found).as("each class has its place").isEqualTo(new TreeSet<>(ORDER));
        assertThat(dependencies).as("the room is looked at").hasSizeGreaterThan(40);
        assertThat(backwards).as("dependencies backwards").isEmpty();
    }

    private static String topLevel(JavaClass c) {
        String name = c.getName().substring(c.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** The state, the resumer, the mark of a hand-over. */
    @ArchTest
    static void theSchedulerAloneWritesWhatHappensToATask(JavaClasses classes) {
        JavaClass task = classes.get("io.github.libco4j.internal.loop.Task");
        Stream<JavaAccess<?>> setters = task.getMethods().stream()
                .filter(method -> method.getName().equals("markDiscarded")
                        || (method.getName().equals("state") && method.getRawParameterTypes().size() == 1))
                .flatMap(method -> method.getAccessesToSelf().stream());
        Stream<JavaAccess<?>> fields = Stream.of("resumer", "away", "started", "lent")
                .flatMap(field -> task.getField(field).getAccessesToSelf().stream())
                .filter(access -> access.getAccessType() == JavaFieldAccess.AccessType.SET)
                .filter(access -> !access.getOrigin().isConstructor())
                .map(access -> access);
        Set<String> writers = new TreeSet<>();
        Stream.concat(setters, fields).forEach(access -> writers.add(topLevel(access.getOriginOwner())));
        assertThat(writers).containsExactly("Scheduler");
        Set<String> ownWrites = new TreeSet<>();
        task.getField("state").getAccessesToSelf().stream()
                .filter(access -> access.getAccessType() == JavaFieldAccess.AccessType.SET)
                .forEach(access -> ownWrites.add(access.getOrigin().getName()));
        assertThat(ownWrites).as("by its two methods only").isEmpty();
    }

    /** A loop is whole when its constructor has returned. */
    @ArchTest
    static void aLoopIsBuiltInOneStep(JavaClasses classes) {
        JavaClass loop = classes.get("io.github.libco4j.internal.loop.Loop");
        assertThat(loop.getConstructors()).hasSize(1);
        Set<String> changed = new TreeSet<>();
        loop.getFields().stream()
                .filter(field -> !field.getRawType().isPrimitive())
                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                .forEach(field -> changed.add(field.getName()));
        assertThat(changed).isEmpty();
    }
}
