package io.github.libco4j.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class FilesTest {
    @TempDir
    Path directory;

    @Test
    void figuresAreReadAsTheyWereWritten() throws IOException {
        List<Figure> figures = List.of(
                new Figure("libco4j", "requests", "requests/s", 3, 2, 4, 1.0, 1.0, 1.0, Map.of("size", "64")),
                new Figure("a \"rival\"", "p50", "us", 0.25, 0.125, 1e9, null, null, null, Map.of()));

        JsonFile.write(directory.resolve("deep/echo.json"), figures);

        assertThat(JsonFile.read(directory.resolve("deep/echo.json"))).isEqualTo(figures);
    }

    @Test
    void otherFilesAreRefusedByName() throws IOException {
        Path file = Files.writeString(directory.resolve("other.json"), "[{\"subject\": \"x\"}]");

        assertThatThrownBy(() -> JsonFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.json")
                .hasMessageContaining("a figure has no");
    }

    @Test
    void pictureHasABarForEachSubjectAndIsWellFormed() throws Exception {
        Document picture = parse(BarChart.of(report()));

        assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
        // The background, and two bars.
        assertThat(picture.getElementsByTagName("rect").getLength()).isEqualTo(3);
        assertThat(picture.getDocumentElement().getTextContent()).contains("a < b & \"c\"", "libco4j", "requests/s");
    }

    @Test
    void pageHasTheMachineEachTableAndEachPicture() {
        String page = HtmlPage.of(List.of(report()), List.of("processor: <some>"));

        assertThat(page)
                .contains("processor: &lt;some&gt;", "<svg", "a &lt; b", "rival cannot: did not run: no such file")
                .containsSubsequence("<table>", "libco4j", "1.00 (1.00-1.00)", "MISSED");
    }

    @Test
    void textHasRatioAndTarget() {
        assertThat(TextReport.of(report()))
                .containsPattern("a < b & \"c\" +30\\.0 +3\\.00 \\(3\\.00-3\\.00\\)")
                .contains("rival cannot: did not run: no such file")
                .containsPattern("ten times +>= 10\\.0 +3\\.00 \\(3\\.00-3\\.00\\) +MISSED");
    }

    private static Report report() {
        Metric rate = new Metric("requests", "requests/s");
        Section section = new Section("title", Map.of());
        section.add("libco4j", rate, 10);
        section.add("a < b & \"c\"", rate, 30);
        section.absent("rival cannot", "no such file");
        Optional<Spread> ratio = section.ratio("a < b & \"c\"", "libco4j", rate);
        return new Report("echo", "what", List.of(section), List.of(Target.atLeast("ten times", 10, ratio)), List.of());
    }

    private static Document parse(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }
}
