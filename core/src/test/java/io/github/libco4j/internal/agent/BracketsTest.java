package io.github.libco4j.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The class files that get brackets, on the JDK at hand. */
@Tag("agent")
class BracketsTest {
    private static final ClassFile FORMAT = ClassFile.of();

    private static Path classes() {
        return FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base");
    }

    private static Set<String> methodsOf(ClassModel model) {
        Set<String> names = new HashSet<>();
        model.methods().forEach(method -> names.add(method.methodName().stringValue()));
        return names;
    }

    /** With all instructions, frames and handlers that there are. */
    @ParameterizedTest
    @ValueSource(strings = {"java/lang", "java/util", "java/io", "sun/nio"})
    void theJvmsVerifierTakesEachMethodInABracket(String directory) throws IOException {
        int[] count = {0};
        try (Stream<Path> files = Files.walk(classes().resolve(directory))) {
            for (Path file : (Iterable<Path>) files.filter(each -> each.toString().endsWith(".class"))::iterator) {
                byte[] bytes = Files.readAllBytes(file);
                byte[] woven = new Brackets(bytes).around(methodsOf(FORMAT.parse(bytes)), true);
                if (woven != null) {
                    assertThat(FORMAT.verify(woven)).as(file.toString()).isEmpty();
                    count[0]++;
                }
            }
        }
        assertThat(count[0]).isGreaterThan(100);
    }

    @Test
    void eachBracketIsLeftByEachReturnAndByWhatIsThrown() throws IOException {
        ClassModel woven = FORMAT.parse(new Brackets(Files.readAllBytes(classes().resolve("java/io/FileInputStream.class")))
                .around(Set.of(), false));
        Set<String> inBrackets = new TreeSet<>();
        for (MethodModel method : woven.methods()) {
            List<String> calls = calls(method);
            if (calls.contains("enter")) {
                inBrackets.add(method.methodName().stringValue());
                assertThat(calls).startsWith("enter").endsWith("leave");
                assertThat(method.code().orElseThrow().exceptionHandlers())
                        .extracting(ExceptionCatch::catchType)
                        .last()
                        .matches(type -> type.isEmpty());
            }
        }
        assertThat(inBrackets).contains("open", "read", "skip", "available").doesNotContain("<init>", "close", "transferTo");
    }

    private static List<String> calls(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .filter(InvokeInstruction.class::isInstance)
                .map(each -> ((InvokeInstruction) each).name().stringValue())
                .toList();
    }

    @Test
    void aNativeMethodGetsItsBracketByAMethodInItsPlace() throws IOException {
        ClassModel woven = FORMAT.parse(new Brackets(Files.readAllBytes(classes().resolve("java/util/zip/CRC32.class")))
                .around(Set.of(), true));
        Set<String> natives = new TreeSet<>();
        for (MethodModel method : woven.methods()) {
            if (method.flags().has(AccessFlag.NATIVE)) {
                natives.add(method.methodName().stringValue());
                assertThat(method.flags().has(AccessFlag.PRIVATE)).isTrue();
            }
            if (method.methodName().equalsString("updateBytes0")) {
                assertThat(calls(method)).containsExactly("enter", "libco4j$updateBytes0", "leave", "leave");
            }
        }
        assertThat(natives).containsExactly("libco4j$update", "libco4j$updateByteBuffer0", "libco4j$updateBytes0");
    }

    @Test
    void aClassWithoutSuchMethodsStaysAsItIs() throws IOException {
        byte[] bytes = Files.readAllBytes(classes().resolve("java/lang/Iterable.class"));
        assertThat(new Brackets(bytes).around(Set.of(), false)).isNull();
        assertThat(new Brackets(bytes).around(Set.of("noSuchMethod"), true)).isNull();
    }
}
