package io.github.libco4j.internal.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libco4j.EventLoop;
import io.github.libco4j.internal.jdk.Assumption.Need;
import io.github.libco4j.support.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of what is assumed of the JDK: that it is whole, that it holds here, and what is said where it does not. */
@Tag("any-readiness")
class AssumptionsTest {
    private static final String ROOM = "io.github.libco4j.internal.jdk.";

    private static List<Assumption> here() {
        return Assumptions.all().stream().filter(each -> each.where().isHere()).toList();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsDifferentHere(Need need) {
        Jdk.require();
        assertThat(Assumptions.differences(need)).isNull();
    }

    // ------------------------------------------------------------------------------ each is broken in turn

    /** A copy of libco4j, by a class loader of its own, for which no JDK was tried, and which assumes one thing that is not so. */
    private static final class BrokenCopy extends ClassLoader {
        private final Assumption broken;

        BrokenCopy(Assumption broken) {
            super(ClassLoader.getPlatformClassLoader());
            this.broken = broken;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            URL file = getResource(name.replace('.', '/') + ".class");
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            try (var in = file.openStream()) {
                byte[] bytes = in.readAllBytes();
                byte[] used = name.equals(ROOM + "Assumptions") ? alter(bytes, broken) : bytes;
                return defineClass(name, used, 0, used.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public @Nullable URL getResource(String name) {
            return EventLoop.class.getClassLoader().getResource(name);
        }
    }

    private static byte[] alter(byte[] classFile, Assumption broken) {
        String[] type = {""};
        CodeTransform strings = (builder, element) -> {
            String text = element instanceof ConstantInstruction c && c.constantValue() instanceof String s ? s : "";
            if (text.startsWith("java.") || text.startsWith("jdk.") || text.startsWith("sun.")) {
                type[0] = text;
            }
            if (type[0].equals(broken.type()) && text.equals(broken.member())) {
                builder.loadConstant(altered(text));
            } else {
                builder.with(element);
            }
        };
        CodeTransform no = new CodeTransform() {
            @Override
            public void accept(java.lang.classfile.CodeBuilder builder, CodeElement element) {}

            @Override
            public void atEnd(java.lang.classfile.CodeBuilder builder) {
                builder.iconst_0().ireturn();
            }
        };
        return transform(transform(classFile, "all", strings), "isTried", no);
    }

    private static byte[] transform(byte[] classFile, String method, CodeTransform how) {
        return ClassFile.of()
                .transformClass(
                        ClassFile.of().parse(classFile),
                        ClassTransform.transformingMethodBodies(m -> m.methodName().equalsString(method), how));
    }

    private static String altered(String member) {
        if (member.endsWith(")")) {
            return member.replace("(", "_(");
        }
        return member.contains("=") ? member + "0" : member + "_";
    }

    @ParameterizedTest
    @EnumSource(names = {"LOOP", "CHANNELS"})
    void aCopyWithOneThatDoesNotHoldSaysWhichBeforeItTouchesTheJdk(Need need) throws Exception {
        for (Assumption each : here()) {
            if (each.need() == need) {
                Method require = new BrokenCopy(each).loadClass(ROOM + "Jdk").getMethod("require");
                assertThat(catchThrowable(() -> require.invoke(null)))
                        .as(each.toString())
                        .isInstanceOf(InvocationTargetException.class);
                try {
                    require.invoke(null);
                } catch (InvocationTargetException e) {
                    assertThat(e.getCause())
                            .hasMessageStartingWith("libco4j does not recognise the internals of this JDK, JDK " + Runtime.version())
                            .hasMessageContaining(each.type())
                            .hasMessageContaining(words(each))
                            .hasMessageEndingWith(": run it on JDK 25 to 27, or use a later libco4j");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POLLERS", "ENVIRONMENT", "TIME", "DUMPS"})
    void oneThatDoesNotHoldIsNamed(Need need) throws Exception {
        for (Assumption each : here()) {
            if (each.need() == need) {
                assertThat(new Assumption(need, each.where(), each.type(), altered(each.member())).difference())
                        .contains(each.type())
                        .contains(words(each));
            }
        }
    }

    private static String words(Assumption broken) {
        String altered = altered(broken.member());
        int dot = altered.indexOf('.');
        int equals = altered.indexOf('=');
        if (altered.endsWith(")")) {
            return " has no " + altered;
        } else if (equals > 0) {
            return "." + altered.substring(0, equals) + " is ";
        }
        return dot > 0 ? " refers to has no field " + altered.substring(dot + 1) : " has no field " + altered;
    }

    @Test
    void aClassThatIsNotThereIsNamed() {
        assertThat(new Assumption(Need.LOOP, Assumption.Where.EVERYWHERE, "java.lang.Nowhere", "field").difference())
                .isEqualTo("there is no class java.lang.Nowhere");
    }

    /** A program that starts a loop. */
    public static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            try {
                EventLoop.run(_ -> System.out.println("runs"));
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @TempDir
    private Path directory;

    /** On a JDK that was tried, what does not hold fails where it is used; the list is asked what it was. */
    @Test
    void whereOnlyThePollersAreDifferentTheRemedyIsNamed() throws Exception {
        String field = Assumptions.hasPollerGroup() ? "POLLER_GROUP" : "POLLERS";
        Path copy = copyWithout(field);
        assertThat(run(copy, "-Dlibco4j.readiness=epoll"))
                .contains("libco4j cannot take over the I/O pollers of this JDK (" + Runtime.version()
                        + "), where sun.nio.ch.Poller has no field " + field
                        + "_: run with -Dlibco4j.readiness=jdk to leave I/O to them");
        assertThat(run(copy, "-Dlibco4j.readiness=jdk")).isEqualTo("runs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cont", "nd"})
    void whatIsUsedAndNotThereIsNamed(String field) throws Exception {
        assertThat(run(copyWithout(field), "-Dlibco4j.readiness=jdk"))
                .startsWith("libco4j does not recognise the internals of this JDK, JDK " + Runtime.version())
                .contains(" has no field " + field + "_")
                .endsWith(": run it on JDK 25 to 27, or use a later libco4j");
    }

    private static String run(Path classes, String option) throws Exception {
        String classPath = classes + File.pathSeparator + System.getProperty("java.class.path");
        return ChildJvm.output(List.of(option), classPath, Program.class).strip();
    }

    /** The library's classes; wherever one names a field by a string, it is called otherwise. */
    private Path copyWithout(String field) throws Exception {
        Path copy = directory.resolve("copy");
        CodeTransform rename = (builder, element) -> {
            if (element instanceof ConstantInstruction c && field.equals(c.constantValue())) {
                builder.loadConstant(field + "_");
            } else {
                builder.with(element);
            }
        };
        for (Path file : files()) {
            Path to = copy.resolve(classes().relativize(file).toString());
            Files.createDirectories(to.getParent());
            ClassModel model = ClassFile.of().parse(file);
            Files.write(to, names(model, field) ? ClassFile.of().transformClass(model, ClassTransform.transformingMethodBodies(rename)) : Files.readAllBytes(file));
        }
        return copy;
    }

    private static boolean names(ClassModel model, String text) {
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof StringEntry string && string.stringValue().equals(text)) {
                return true;
            }
        }
        return false;
    }

    // ---------------------------------------------------------------------------------------- the list is whole

    private static Path classes() throws Exception {
        return Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static List<Path> files() throws Exception {
        try (Stream<Path> all = Files.walk(classes())) {
            return all.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    /** What the class files refer to of the JDK's, name in strings, and override. */
    private static final class References {
        final Map<String, ClassModel> ours = new HashMap<>();
        final Set<String> members = new TreeSet<>();
        final Set<String> strings = new HashSet<>();

        References() throws Exception {
            for (Path file : files()) {
                ClassModel model = ClassFile.of().parse(file);
                ours.put(model.thisClass().asInternalName(), model);
            }
            for (ClassModel model : ours.values()) {
                String name = model.thisClass().asInternalName();
                // The weaver looks for what it weaves by itself; of what takes over pollers, each JDK has its own.
                String other = Assumptions.hasPollerGroup() ? "/LoopPoller(s|\\$Routes)?" : "/LoopPollerGroup";
                if (name.matches(".*(/Assumptions|/agent/.*|" + other + ")")) {
                    continue;
                }
                for (PoolEntry entry : model.constantPool()) {
                    if (entry instanceof StringEntry string) {
                        strings.add(string.stringValue());
                    } else if (entry instanceof MemberRefEntry reference) {
                        refersTo(reference);
                    }
                }
                overrides(model);
            }
        }

        private @Nullable Class<?> jdkClass(String internalName) {
            String name = internalName;
            while (ours.containsKey(name)) {
                name = ours.get(name).superclass().orElseThrow().asInternalName();
            }
            try {
                Class<?> found = Class.forName(name.replace('/', '.'), false, null);
                return found.getModule() == Object.class.getModule() ? found : null;
            } catch (ClassNotFoundException notOfTheBootLoader) {
                return null;
            }
        }

        private void refersTo(MemberRefEntry reference) {
            String owner = reference.owner().asInternalName();
            String name = reference.name().stringValue();
            String type = reference.type().stringValue();
            if (owner.startsWith("[") || declaredByOurs(owner, name, type)) {
                return;
            }
            boolean isField = reference instanceof FieldRefEntry;
            for (Class<?> each = jdkClass(owner); each != null; each = each.getSuperclass()) {
                for (Member member : isField ? each.getDeclaredFields() : executables(each)) {
                    if (isField ? member.getName().equals(name) : name(member).equals(name) && type((Executable) member).equals(type)) {
                        add(member);
                        return;
                    }
                }
            }
        }

        private boolean declaredByOurs(String owner, String name, String type) {
            for (ClassModel each = ours.get(owner); each != null; each = ours.get(each.superclass().orElseThrow().asInternalName())) {
                if (each.methods().stream().anyMatch(m -> m.methodName().equalsString(name) && m.methodType().equalsString(type))
                        || each.fields().stream().anyMatch(f -> f.fieldName().equalsString(name))) {
                    return true;
                }
            }
            return false;
        }

        private void overrides(ClassModel model) {
            List<Class<?>> above = new ArrayList<>();
            model.superclass().ifPresent(up -> above.add(jdkClass(up.asInternalName())));
            model.interfaces().forEach(up -> above.add(jdkClass(up.asInternalName())));
            for (Class<?> up : above) {
                for (Class<?> each = up; each != null; each = each.getSuperclass()) {
                    for (Method method : each.getDeclaredMethods()) {
                        if (!Modifier.isStatic(method.getModifiers())
                                && !Modifier.isPrivate(method.getModifiers())
                                && model.methods().stream()
                                        .anyMatch(m -> m.methodName().equalsString(method.getName())
                                                && m.methodType().equalsString(type(method)))) {
                            add(method);
                        }
                    }
                }
            }
        }

        private void add(Member member) {
            Class<?> owner = member.getDeclaringClass();
            boolean exported = owner.getModule().isExported(owner.getPackageName());
            int visible = Modifier.PUBLIC | Modifier.PROTECTED;
            if (owner.getName().equals("jdk.internal.misc.Unsafe") || (exported && (member.getModifiers() & visible) != 0 && isPublic(owner))) {
                return;
            }
            String text = member instanceof Executable e
                    ? (e instanceof Constructor ? "new" : e.getName()) + parameters(e)
                    : member.getName();
            members.add(owner.getName() + " " + text);
        }

        private static boolean isPublic(Class<?> type) {
            return type == null || (Modifier.isPublic(type.getModifiers()) && isPublic(type.getEnclosingClass()));
        }

        private static Executable[] executables(Class<?> type) {
            return Stream.concat(Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                    .toArray(Executable[]::new);
        }

        private static String name(Member executable) {
            return executable instanceof Constructor ? "<init>" : executable.getName();
        }

        private static String type(Executable executable) {
            Class<?> returned = executable instanceof Method method ? method.getReturnType() : void.class;
            return MethodType.methodType(returned, executable.getParameterTypes()).toMethodDescriptorString();
        }

        private static String parameters(Executable executable) {
            StringJoiner list = new StringJoiner(",", "(", ")");
            for (Class<?> each : executable.getParameterTypes()) {
                list.add(each.getSimpleName());
            }
            return list.toString();
        }
    }

    @Test
    void allThatIsReferredToIsInTheList() throws Exception {
        Set<String> listed = new TreeSet<>();
        here().forEach(each -> listed.add(each.type() + " " + each.member()));
        References references = new References();
        assertThat(listed).containsAll(references.members);
        for (Assumption each : here()) {
            String text = each.type() + " " + each.member();
            String name = each.member().replaceAll(".*\\.|=.*", "");
            assertThat(references.members.contains(text) || references.strings.contains(name)).as(text + " is used").isTrue();
        }
    }

    /** The table in the documents is the list, one line for each class. */
    @Test
    void theDocumentHasTheList() throws Exception {
        StringBuilder table = new StringBuilder("| for | in JDK | class | what | source in the JDK |\n|---|---|---|---|---|\n");
        Assumption last = null;
        for (Assumption each : Assumptions.all()) {
            if (last != null && last.type().equals(each.type()) && last.need() == each.need() && last.where() == each.where()) {
                table.append(", `").append(each.member()).append('`');
                continue;
            }
            if (last != null) {
                table.append(" | ").append(last.source()).append(" |\n");
            }
            table.append("| ").append(each.need().name().toLowerCase(Locale.ROOT));
            table.append(" | ").append(jdks(each.where()));
            table.append(" | `").append(each.type()).append("` | `").append(each.member()).append('`');
            last = each;
        }
        table.append(" | ").append(Objects.requireNonNull(last).source()).append(" |\n");
        Path document = classes().resolve("../../../docs/jdks.md").normalize();
        assertThat(Files.readString(document).replace("\r", "")).contains(table);
    }

    private static String jdks(Assumption.Where where) {
        return switch (where) {
            case EVERYWHERE -> "any";
            case WITHOUT_POLLER_GROUP -> "25, 26";
            case WITH_POLLER_GROUP -> "27, 28";
        };
    }

    // ------------------------------------------------------------------------------------------------- versions

    @ParameterizedTest
    @CsvSource({
        "25,        take 25.0.3 or later",
        "25.0.2,    take 25.0.3 or later",
        "25.0.3,    ''",
        "26.0.2.1,  ''",
        "27.0.1,    ''",
        "28-ea,     libco4j was tried on JDK 25 to 27 and not on JDK 28-ea",
    })
    void aVersionHasItsAdvice(String version, String advice) {
        String given = Assumptions.advice(Runtime.Version.parse(version));
        if (advice.isEmpty()) {
            assertThat(given).isNull();
        } else {
            assertThat(given).contains(advice);
        }
    }
}
