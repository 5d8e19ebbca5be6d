package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.loop.Loop;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The method that is one iteration, and the page that describes it. */
@Tag("any-readiness")
class LoopPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "ARCHITECTURE.md");

    /** A numbered step: {@code 1. **`name`**}. */
    private static final Pattern STEP = Pattern.compile("(?m)^\\d+\\. \\*\\*`(\\w+)`\\*\\*");

    @Test
    void theStepsOfAnIterationAreThoseOfThePageInTheirOrder() throws Exception {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("## The loop, step by step");
        int end = page.indexOf("\n## ", begin + 1);
        assertThat(begin).isNotNegative().isLessThan(end);
        List<String> described =
                STEP.matcher(page.substring(begin, end)).results().map(step -> step.group(1)).toList();
        assertThat(described).hasSizeGreaterThanOrEqualTo(4).isEqualTo(ownCallsOf("iterate"));
    }

    /** The loop's own methods that one of them calls, in the order of its code. */
    private static List<String> ownCallsOf(String method) throws Exception {
        try (InputStream in = Loop.class.getResourceAsStream("Loop.class")) {
            var loop = ClassFile.of().parse(in.readAllBytes());
            CodeModel code = loop.methods().stream()
                    .filter(each -> each.methodName().equalsString(method))
                    .findFirst()
                    .flatMap(each -> each.code())
                    .orElseThrow();
            return code.elementStream()
                    .filter(InvokeInstruction.class::isInstance)
                    .map(InvokeInstruction.class::cast)
                    .filter(call -> call.owner().equals(loop.thisClass()))
                    .map(call -> call.name().stringValue())
                    .toList();
        }
    }
}
