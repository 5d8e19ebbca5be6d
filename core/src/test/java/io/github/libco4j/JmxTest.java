package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What JMX shows of loops, as a client in another place sees it. In processes of their own. */
@Tag("any-readiness")
class JmxTest {
    private static final String DOMAIN = "io.github.libco4j:";

    /** Prints the names of the beans, and what they say. */
    public static final class Shown {
        public static void main(String[] args) throws Exception {
            var server = JMXConnectorServerFactory.newJMXConnectorServer(
                    new JMXServiceURL("rmi", "127.0.0.1", 0), null, ManagementFactory.getPlatformMBeanServer());
            server.start();
            try (var connector = JMXConnectorFactory.connect(server.getAddress())) {
                MBeanServerConnection client = connector.getMBeanServerConnection();
                try (EventLoop loop = EventLoop.builder().name("web-0").start();
                        EventLoop other = EventLoop.builder().name("web-0").start()) {
                    Coroutine sleeper = loop.spawn("sleeper", () -> Thread.sleep(Duration.ofDays(1)));
                    Await.until("it sleeps", () -> sleeper.state() == Coroutine.State.BLOCKED);
                    System.out.println(names(client));
                    ObjectName bean = new ObjectName(DOMAIN + "type=EventLoop,name=\"web-0\"");
                    String[] attributes = Arrays.stream(client.getMBeanInfo(bean).getAttributes())
                            .map(MBeanAttributeInfo::getName)
                            .toArray(String[]::new);
                    System.out.println(String.join(" ", attributes));
                    System.out.println(client.getAttributes(bean, attributes).size() == attributes.length);
                    System.out.println(client.getAttribute(bean, "Started"));
                    System.out.println(client.getAttribute(bean, "Blocked"));
                    System.out.println(client.invoke(bean, "dump", null, null).toString().contains("'sleeper' BLOCKED"));
                    ObjectName all = new ObjectName(DOMAIN + "type=Libco4j");
                    System.out.println(client.invoke(all, "report", null, null).toString().contains("Where coroutines have blocked"));
                    other.close();
                    Await.until("one is left", () -> names(client).lines().count() == 1 && !names(client).contains("(2)"));
                }
                Await.until("none is left", () -> names(client).equals("[]"));
            } finally {
                server.stop();
            }
        }

        private static String names(MBeanServerConnection client) throws Exception {
            return new TreeSet<>(client.queryNames(new ObjectName(DOMAIN + "*"), null)).toString();
        }
    }

    @Test
    void itShowsTheFiguresOfEachLoopUntilTheLoopEnds() throws Exception {
        TreeSet<String> attributes = Arrays.stream(EventLoop.Statistics.class.getRecordComponents())
                .map(each -> Character.toUpperCase(each.getName().charAt(0)) + each.getName().substring(1))
                .filter(name -> !name.equals("States"))
                .collect(Collectors.toCollection(TreeSet::new));
        attributes.addAll(List.of("New", "Ready", "Running", "Resuming", "Yielded", "Blocked", "Done"));
        assertThat(ChildJvm.output(List.of("-Dlibco4j.jmx=true"), Shown.class).lines())
                .containsExactly(
                        "[io.github.libco4j:type=EventLoop,name=\"web-0 (2)\", io.github.libco4j:type=EventLoop,name=\"web-0\", "
                                + "io.github.libco4j:type=Libco4j]",
                        String.join(" ", attributes),
                        "true",
                        "1",
                        "1",
                        "true",
                        "true");
    }

    /** Prints that its loop has run. */
    public static final class Runs {
        public static void main(String[] args) throws Exception {
            EventLoop.run(loop -> System.out.println(loop.name() + " runs"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Dlibco4j.jmx=false", "-Dlibco4j.jmx=true"})
    void aLoopRunsWhereThereIsNoJmx(String option) throws Exception {
        assertThat(ChildJvm.output(List.of("--limit-modules", "java.logging", option), Runs.class))
                .isEqualToIgnoringNewLines("main runs");
    }

    @Test
    void nothingOfItIsLoadedWhereNobodyAsks() throws Exception {
        assertThat(ChildJvm.output(List.of("-Xlog:class+load"), Runs.class).lines())
                .noneMatch(line -> line.contains("ManagedBean") || line.contains("javax.management"));
    }
}
