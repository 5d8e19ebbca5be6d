package io.github.libco4j;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What ARCHITECTURE.md says of the packages, held. */
@ArchTag("any-readiness")
@AnalyzeClasses(packages = "io.github.libco4j", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.github.libco4j";
    private static final String INTERNAL_ROOMS = ROOT + ".internal";
    private static final String INTERPOSITION = INTERNAL_ROOMS + ".interposition";
    private static final String LOOP = INTERNAL_ROOMS + ".loop";
    private static final String JDK = INTERNAL_ROOMS + ".jdk";
    private static final String AGENT = INTERNAL_ROOMS + ".agent";

    /** The classes of {@code src/main/java-base}, which are the JDK room's too. */
    private static final DescribedPredicate<JavaClass> JAVA_BASE_PART =
            describe("defined into java.base by libco4j", c -> isBroughtIntoJavaBase(c.getBaseComponentType().getFullName()));

    private static final DescribedPredicate<JavaClass> INTERNAL = resideInAnyPackage(
                    "jdk.internal..", "sun..", "com.sun..")
            .or(JAVA_BASE_PART);

    @ArchTest
    static final ArchRule DEPENDENCIES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("doctor")
            .definedBy(INTERNAL_ROOMS + ".doctor..")
            .layer("run")
            .definedBy(INTERNAL_ROOMS + ".run..")
            .layer("testing")
            .definedBy(ROOT + ".testing..")
            .layer("API")
            .definedBy(ROOT)
            .layer("agent")
            .definedBy(AGENT + "..")
            .layer("interposition")
            .definedBy(INTERPOSITION + "..")
            .layer("loop")
            .definedBy(LOOP + "..")
            .layer("JDK room")
            .definedBy(JDK + "..")
            .whereLayer("doctor")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("run")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("testing")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("API")
            .mayOnlyBeAccessedByLayers("doctor", "run", "testing")
            .whereLayer("agent")
            .mayOnlyBeAccessedByLayers("API", "doctor", "testing")
            .whereLayer("interposition")
            .mayOnlyBeAccessedByLayers("API", "doctor")
            .whereLayer("loop")
            .mayOnlyBeAccessedByLayers("interposition", "API", "doctor", "run", "testing");

    /** What a user sees of the API: its types, what they extend, what their methods take, return and throw. */
    @ArchTest
    static void theApiShowsNothingInternal(JavaClasses classes) {
        Set<String> shown = new TreeSet<>();
        for (JavaClass c : classes) {
            if (c.getPackageName().equals(ROOT) && isPublic(c)) {
                c.getRawInterfaces().forEach(type -> addIfInternal(c.getFullName(), type, shown));
                c.getRawSuperclass().ifPresent(type -> addIfInternal(c.getFullName(), type, shown));
                for (JavaCodeUnit member : c.getCodeUnits()) {
                    if (member.getModifiers().contains(JavaModifier.PUBLIC) || member.getModifiers().contains(JavaModifier.PROTECTED)) {
                        member.getAllInvolvedRawTypes().forEach(type -> addIfInternal(member.getFullName(), type, shown));
                    }
                }
                for (JavaField field : c.getFields()) {
                    if (field.getModifiers().contains(JavaModifier.PUBLIC)) {
                        field.getAllInvolvedRawTypes().forEach(type -> addIfInternal(field.getFullName(), type, shown));
                    }
                }
            }
        }
        assertThat(shown).isEmpty();
    }

    private static boolean isPublic(JavaClass c) {
        return c.getModifiers().contains(JavaModifier.PUBLIC)
                && c.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }

    private static void addIfInternal(String where, JavaClass type, Set<String> shown) {
        if (type.getPackageName().startsWith(INTERNAL_ROOMS)) {
            shown.add(where + " shows " + type.getFullName());
        }
    }

    /** A clock that steps must not matter (libco: it fails every poll). */
    @ArchTest
    static final ArchRule NOTHING_READS_THE_TIME_OF_DAY = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .accessClassesThat()
            .haveFullyQualifiedName("java.time.Instant")
            .orShould()
            .accessClassesThat()
            .haveFullyQualifiedName("java.util.Date");

    @ArchTest
    static final ArchRule INTERNALS_STAY_IN_THEIR_ROOM = noClasses()
            .that()
            .resideOutsideOfPackages(JDK + "..", INTERPOSITION + "..")
            .should()
            .dependOnClassesThat(INTERNAL.and(describe("no superclass of its coroutines", c -> !c.getFullName()
                    .equals("jdk.internal.vm.Continuation"))));

    @ArchTest
    static final ArchRule INTERPOSITION_NAMES_ONLY_WHAT_WE_DEFINED_OURSELVES = noClasses()
            .that()
            .resideInAPackage(INTERPOSITION + "..")
            .should()
            .dependOnClassesThat(INTERNAL.and(DescribedPredicate.not(JAVA_BASE_PART)));

    @ArchTest
    static final ArchRule TWO_CLASSES_OF_INTERPOSITION_DO = noClasses()
            .that()
            .resideInAPackage(INTERPOSITION + "..")
            .and()
            .doNotHaveSimpleName("IoInterposition")
            .and()
            .doNotHaveSimpleName("EpollReadiness")
            .should()
            .dependOnClassesThat(INTERNAL);

    private static final DescribedPredicate<JavaClass> OUR_OWN_OR_OF_JAVA_BASE =
            describe("of java.base, of libco4j, or an annotation of jspecify", c ->
                    c.getPackageName().startsWith(ROOT)
                            || c.getPackageName().equals("org.jspecify.annotations")
                            || JAVA_BASE_PART.test(c)
                            || isInJavaBase(c));

    private static final String EVENTS = ".*\\.loop\\.(?:[A-Za-z]+Event|Recording)";

    @ArchTest
    static final ArchRule NOTHING_BUT_JAVA_BASE = classes()
            .that()
            .resideOutsideOfPackage(AGENT)
            .and()
            .haveNameNotMatching(EVENTS)
            .and()
            .doNotHaveSimpleName("OwnerWait")
            .and()
            .doNotHaveSimpleName("ManagedBean")
            .should()
            .onlyDependOnClassesThat(OUR_OWN_OR_OF_JAVA_BASE);

    /** It is loaded where somebody asks for it. */
    @ArchTest
    static final ArchRule JMX_IS_IN_ONE_PLACE = classes()
            .that()
            .haveSimpleName("ManagedBean")
            .should()
            .onlyDependOnClassesThat(
                    OUR_OWN_OR_OF_JAVA_BASE.or(resideInAnyPackage("java.lang.management", "javax.management")));

    /** They are loaded when the watchdog has seen something, and where there is no flight recorder, libco4j does without them. */
    @ArchTest
    static final ArchRule AN_EVENT_NEEDS_THE_FLIGHT_RECORDER_TOO = classes()
            .that()
            .haveNameMatching(EVENTS)
            .should()
            .onlyDependOnClassesThat(OUR_OWN_OR_OF_JAVA_BASE.or(resideInAPackage("jdk.jfr")));

    /** Where the JDK has no module for that, it knows less. */
    @ArchTest
    static final ArchRule WHO_HOLDS_A_MONITOR_IS_KNOWN_TO_MANAGEMENT = classes()
            .that()
            .haveSimpleName("OwnerWait")
            .should()
            .onlyDependOnClassesThat(OUR_OWN_OR_OF_JAVA_BASE.or(resideInAPackage("java.lang.management")));

    @ArchTest
    static final ArchRule THE_AGENT_NEEDS_INSTRUMENTATION_TOO = classes()
            .that()
            .resideInAPackage(AGENT)
            .should()
            .onlyDependOnClassesThat(OUR_OWN_OR_OF_JAVA_BASE.or(resideInAPackage("java.lang.instrument")));

    /** The jar has its file among those that are defined into {@code java.base}. */
    private static boolean isBroughtIntoJavaBase(String name) {
        return EventLoop.class.getResource("/META-INF/libco4j/" + name.replace('.', '/') + ".class") != null;
    }

    /** Arrays and primitives have no package of their own. */
    private static boolean isInJavaBase(JavaClass c) {
        String name = c.getBaseComponentType().getPackageName();
        return name.isEmpty()
                || name.startsWith(ROOT)
                || Object.class.getModule().getPackages().contains(name);
    }

    @ArchTest
    static final ArchRule NAMES_ARE_THE_FIELDS = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Helper");

    @ArchTest
    static final ArchRule THE_LOOP_AND_ITS_READINESS_USE_NO_LOCKS = noClasses()
            .that(resideInAPackage(LOOP + "..").or(resideInAPackage(INTERPOSITION + "..")))
            .and()
            .doNotHaveSimpleName("Barging") // Knows locks when it sees them.
            .should()
            .dependOnClassesThat(describe("locks, or collections that wait", c -> Set.of(
                            "java.util.concurrent.locks.ReentrantLock",
                            "java.util.concurrent.locks.ReentrantReadWriteLock",
                            "java.util.concurrent.locks.StampedLock",
                            "java.util.concurrent.Semaphore",
                            "java.util.concurrent.Exchanger",
                            "java.util.Vector",
                            "java.util.Hashtable",
                            "java.lang.StringBuffer")
                    .contains(c.getFullName())
                    || c.isAssignableTo("java.util.concurrent.BlockingQueue")));

    /**
     * Monitors of the loop and of its readiness. Each is held for a few instructions that cannot suspend, and never entered by
     * {@code iterate}: threads from outside enter it, the user's own calls, and the loop between two iterations.
     */
    private static final Set<String> MONITORS = Set.of("Lifecycle.requestClose", "Lifecycle.shutdown", "Lifecycle.takeUnfinished");

    @ArchTest
    static void theLoopAndItsReadinessEnterOnlyTheMonitorsListed(JavaClasses classes) throws IOException {
        Set<String> found = new TreeSet<>();
        for (JavaClass c : classes) {
            if (c.getPackageName().equals(LOOP) || c.getPackageName().equals(INTERPOSITION)) {
                addMonitors(c, found);
            }
        }
        assertThat(found).isEqualTo(new TreeSet<>(MONITORS));
    }

    private static void addMonitors(JavaClass c, Set<String> found) throws IOException {
        URI file = c.getSource().orElseThrow().getUri();
        try (InputStream in = file.toURL().openStream()) {
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            for (MethodModel method : model.methods()) {
                boolean enters = method.flags().has(AccessFlag.SYNCHRONIZED);
                for (CodeElement element : method.code().map(CodeModel::elementList).orElse(List.of())) {
                    enters |= element instanceof MonitorInstruction;
                }
                if (enters) {
                    found.add(c.getSimpleName() + "." + method.methodName().stringValue());
                }
            }
        }
    }

    @ArchTest
    static final ArchRule EVERY_PACKAGE_SAYS_WHAT_IT_IS_AND_WHAT_IS_NULL = classes()
            .should(new ArchCondition<>("be in a package whose package-info is @NullMarked") {
                @Override
                public void check(JavaClass c, ConditionEvents events) {
                    boolean marked = c.getPackage()
                            .tryGetPackageInfo()
                            .map(info -> info.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                            .orElse(false);
                    if (!marked) {
                        events.add(SimpleConditionEvent.violated(c, c.getPackageName() + " has no such package-info"));
                    }
                }
            });

    /** The loop's package uses no I/O: only interposition does. */
    @ArchTest
    static final ArchRule THE_LOOP_KNOWS_NO_IO = noClasses()
            .that()
            .resideInAPackage(LOOP + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio..", "java.io..");

    @ArchTest
    static void whatIsDefinedIntoJavaBaseIsAllThatTheJarBrings(JavaClasses classes) throws Exception {
        Path room = Path.of(EventLoop.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()
                .resolve("META-INF/libco4j/"));
        var defined = new ArrayList<String>();
        for (String list : List.of(
                "OPENING", "DEFINED", "DEFINED_FOR_POLLERS", "DEFINED_FOR_POLLER_GROUP", "DEFINED_FOR_DUMPS",
                "DEFINED_FOR_ENVIRONMENT", "DEFINED_FOR_TIME", "DEFINED_FOR_RUN")) {
            var field = Class.forName(JDK + ".Jdk").getDeclaredField(list);
            field.setAccessible(true);
            defined.addAll(field.get(null) instanceof String[] names ? List.of(names) : List.of((String) field.get(null)));
        }
        var brought = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(room)) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .forEach(file -> brought.add(
                            room.relativize(file).toString().replace(".class", "").replace('\\', '/')));
        }
        assertThat(defined).containsExactlyInAnyOrderElementsOf(brought);
    }
}
