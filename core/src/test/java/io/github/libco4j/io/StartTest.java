package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import io.github.libco4j.support.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What libco4j does not spend of a program's start. */
@Tag("any-readiness")
class StartTest {
    /** Runs in a process of its own. */
    public static final class Hello implements EventLoop.Body {
        @Override
        public void run(EventLoop loop) {
            System.out.println("hello");
        }

        public static void main(String[] args) throws Exception {
            EventLoop.run(new Hello());
        }
    }

    /** Each costs a millisecond, a class in the jar a third of that. */
    @Test
    void noLambdaOfOursIsLinkedBeforeTheFirstCoroutineHasRun() throws Exception {
        List<String> lines =
                ChildJvm.output(List.of("-Xlog:class+load"), Hello.class).lines().toList();
        assertThat(lines).anyMatch(line -> line.contains(EventLoop.class.getName() + " "));
        assertThat(lines).noneMatch(line -> line.contains("io.github.libco4j") && line.contains("$$Lambda"));
    }
}
