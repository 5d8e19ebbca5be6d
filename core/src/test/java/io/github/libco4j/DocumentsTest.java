package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole programs in the documents compile as they stand. */
@Tag("any-readiness")
@Timeout(120)
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern CLASS = Pattern.compile("public class (\\w+)");

    @TempDir
    private Path classes;

    private static final class Program extends SimpleJavaFileObject {
        private final String text;

        Program(String text) {
            super(URI.create("string:///" + nameOf(text) + ".java"), Kind.SOURCE);
            this.text = text;
        }

        private static String nameOf(String text) {
            Matcher named = CLASS.matcher(text);
            return named.find() ? named.group(1) : "Main";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/from-kotlin.md", "docs/from-libco.md"})
    void itsProgramsCompile(String document) throws Exception {
        List<JavaFileObject> programs = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(Files.readString(ROOT.resolve(document))).results().toList()) {
            if (block.group(1).contains("void main(")) {
                programs.add(new Program(block.group(1)));
            }
        }
        assertThat(programs).as("programs in %s", document).isNotEmpty();
        for (JavaFileObject program : programs) {
            assertThat(compile(program)).as("what the compiler says of a program in %s", document).isEmpty();
        }
    }

    private String compile(JavaFileObject program) throws Exception {
        Path library = Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> options = List.of("-cp", library.toString(), "-d", classes.toString(), "-proc:none");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean compiled = compiler.getTask(said, null, null, options, null, List.of(program)).call();
        return compiled ? "" : said.toString();
    }
}
