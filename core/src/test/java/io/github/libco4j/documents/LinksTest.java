package io.github.libco4j.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every link between the documents leads to a file and to a heading that exist. */
@Tag("any-readiness")
@Timeout(30)
class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path document : Snippet.documents()) {
            for (MatchResult link : LINK.matcher(Files.readString(document)).results().toList()) {
                if (!link.group(1).contains("://") && !exists(document, link.group(1), link.group(2))) {
                    dead.add(Snippet.ROOT.relativize(document) + ": " + link.group());
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static boolean exists(Path document, String file, @Nullable String heading) throws IOException {
        Path target = file.isEmpty() ? document : document.resolveSibling(file);
        if (!Files.exists(target)) {
            return false;
        }
        return heading == null
                || HEADING.matcher(Files.readString(target))
                        .results()
                        .anyMatch(each -> anchor(each.group(1)).equals(heading));
    }

    /** As GitHub makes it. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
    }
}
