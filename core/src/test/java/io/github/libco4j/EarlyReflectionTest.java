package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.ChildJvm;
import io.github.libco4j.testing.TestLoop;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A program that lists the API's members before it uses any: Groovy does, and frameworks that look for annotations. A coroutine is there
 * only when there is a loop.
 */
@Tag("any-readiness")
class EarlyReflectionTest {
    static final class Lister {
        static final List<Class<?>> API = List.of(
                EventLoop.class,
                EventLoop.Builder.class,
                EventLoop.Statistics.class,
                EventLoopGroup.class,
                EventLoopGroup.Builder.class,
                Generator.class,
                Signal.class,
                Interposition.class,
                Environment.class,
                TestLoop.class);

        public static void main(String[] arguments) {
            for (Class<?> each : API) {
                int members = each.getDeclaredMethods().length
                        + each.getDeclaredFields().length
                        + each.getDeclaredConstructors().length;
                System.out.println(each.getSimpleName() + " " + (members > 0));
            }
        }
    }

    @Test
    void membersCanBeListedBeforeTheFirstLoop() throws Exception {
        assertThat(ChildJvm.output(List.of(), Lister.class).lines())
                .containsExactlyElementsOf(
                        Lister.API.stream().map(each -> each.getSimpleName() + " true").toList());
    }
}
