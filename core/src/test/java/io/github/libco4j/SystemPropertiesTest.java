package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** System properties of one coroutine: "own" is overlaid, "hidden" is hidden, "common" is the process's. */
@Tag("agent")
class SystemPropertiesTest {
    private static final List<String> NAMES = List.of("own", "hidden", "common", "new", "number", "flag");

    @BeforeEach
    void setProcess() {
        System.setProperty("own", "process's");
        System.setProperty("hidden", "process's");
        System.setProperty("common", "process's");
    }

    @AfterEach
    void clearProcess() {
        NAMES.forEach(System::clearProperty);
    }

    private static void overlaid(Coroutine.Body body) throws Exception {
        EventLoop.run(loop -> {
            Environment.setProperty("own", "mine");
            Environment.unsetProperty("hidden");
            body.run();
        });
    }

    /** All properties as a test expects a coroutine to see them. */
    private static Map<Object, Object> expected(Properties process) {
        Map<Object, Object> expected = new HashMap<>(process);
        expected.put("own", "mine");
        expected.remove("hidden");
        return expected;
    }

    @Test
    void thoseOfOneKeyAreSeenByAllThatAsk() throws Exception {
        overlaid(() -> {
            Environment.setProperty("number", "42");
            Environment.setProperty("flag", "true");
            assertThat(System.getProperty("own")).isEqualTo("mine");
            assertThat(System.getProperty("own", "other")).isEqualTo("mine");
            assertThat(System.getProperty("hidden")).isNull();
            assertThat(System.getProperty("hidden", "other")).isEqualTo("other");
            assertThat(System.getProperty("common")).isEqualTo("process's");
            assertThat(Integer.getInteger("number")).isEqualTo(42);
            assertThat(Long.getLong("number")).isEqualTo(42);
            assertThat(Boolean.getBoolean("flag")).isTrue();
            assertThat(System.getProperty("java.version")).isNotNull();
        });
        assertThat(System.getProperty("own")).isEqualTo("process's");
        assertThat(System.getProperty("hidden")).isEqualTo("process's");
        assertThat(System.getProperty("number")).isNull();
    }

    @Test
    void settingAndClearingActOnTheOverlayForItsKeysAndOnTheProcessForOthers() throws Exception {
        overlaid(() -> {
            assertThat(System.setProperty("own", "changed")).isEqualTo("mine");
            assertThat(System.getProperty("own")).isEqualTo("changed");
            assertThat(System.clearProperty("own")).isEqualTo("changed");
            assertThat(System.getProperty("own")).isNull();
            assertThat(System.setProperty("own", "again")).isNull();
            assertThat(System.setProperty("hidden", "shown")).isNull();
            assertThat(System.getProperty("hidden")).isEqualTo("shown");
            assertThat(System.setProperty("common", "changed")).isEqualTo("process's");
            assertThat(System.setProperty("new", "value")).isNull();
        });
        assertThat(System.getProperty("own")).isEqualTo("process's");
        assertThat(System.getProperty("hidden")).isEqualTo("process's");
        assertThat(System.getProperty("common")).isEqualTo("changed");
        assertThat(System.getProperty("new")).isEqualTo("value");
    }

    @Test
    void resetShowsTheProcess() throws Exception {
        overlaid(() -> {
            Properties view = System.getProperties();
            Environment.resetProperty("own");
            Environment.resetProperty("hidden");
            assertThat(System.getProperty("own")).isEqualTo("process's");
            assertThat(System.getProperty("hidden")).isEqualTo("process's");
            assertThat(view.getProperty("own")).isEqualTo("process's");
            assertThat(System.clearProperty("own")).isEqualTo("process's");
        });
        assertThat(System.getProperty("own")).isNull();
    }

    @Test
    void whoOverlaysNoneGetsTheProcesssOwnObject() throws Exception {
        Properties process = System.getProperties();
        EventLoop.run(loop -> {
            assertThat(System.getProperties()).isSameAs(process);
            Environment.set("LIBCO4J_NAME", "a variable");
            assertThat(System.getProperties()).isSameAs(process);
            Environment.setProperty("own", "mine");
            assertThat(System.getProperties()).isNotSameAs(process).isSameAs(System.getProperties());
            Environment.reset();
            assertThat(System.getProperties()).isSameAs(process);
        });
        assertThat(System.getProperties()).isSameAs(process);
    }

    @Test
    void theViewShowsAll() throws Exception {
        Properties process = System.getProperties();
        overlaid(() -> {
            Properties view = System.getProperties();
            Map<Object, Object> expected = expected(process);
            assertThat(view.size()).isEqualTo(expected.size());
            assertThat(view.isEmpty()).isFalse();
            assertThat(view.keySet()).isEqualTo(expected.keySet());
            assertThat(view.entrySet()).isEqualTo(expected.entrySet());
            assertThat(view.values()).containsExactlyInAnyOrderElementsOf(expected.values());
            assertThat(list(view.keys())).containsExactlyInAnyOrderElementsOf(expected.keySet());
            assertThat(list(view.elements())).containsExactlyInAnyOrderElementsOf(expected.values());
            assertThat(list(view.propertyNames())).containsExactlyInAnyOrderElementsOf(expected.keySet());
            assertThat(view.stringPropertyNames()).isEqualTo(expected.keySet());
            assertThat(view.equals(expected)).isTrue();
            assertThat(expected.equals(view)).isTrue();
            assertThat(view.hashCode()).isEqualTo(expected.hashCode());
            assertThat(view.toString()).contains("own=mine").doesNotContain("hidden=");
            assertThat(view.containsValue("mine")).isTrue();
            assertThat(view.containsKey("own")).isTrue();
            assertThat(view.containsKey("hidden")).isFalse();
            assertThat(view.get("own")).isEqualTo("mine");
            assertThat(view.get("hidden")).isNull();
            assertThat(view.getOrDefault("hidden", "other")).isEqualTo("other");
            Map<Object, Object> visited = new HashMap<>();
            view.forEach(visited::put);
            assertThat(visited).isEqualTo(expected);
            assertThat(new HashMap<>(view)).isEqualTo(expected);
            assertThat(view.clone()).isEqualTo(expected).isNotSameAs(view);
            assertThat(new Properties(view).getProperty("own")).isEqualTo("mine");
            assertThat(new Properties(view).stringPropertyNames()).contains("own").doesNotContain("hidden");
        });
    }

    private static List<Object> list(Enumeration<?> elements) {
        return new ArrayList<>(Collections.list(elements));
    }

    @Test
    void theViewIsWrittenOutAsItIsSeen() throws Exception {
        overlaid(() -> {
            Properties view = System.getProperties();
            StringWriter out = new StringWriter();
            view.store(out, null);
            Properties read = new Properties();
            read.load(new StringReader(out.toString()));
            assertThat(read.getProperty("own")).isEqualTo("mine");
            assertThat(read.getProperty("hidden")).isNull();
            assertThat(read.getProperty("common")).isEqualTo("process's");

            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
                objects.writeObject(view);
            }
            try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                assertThat(objects.readObject()).isEqualTo(view).isExactlyInstanceOf(Properties.class);
            }
        });
    }

    @Test
    void writingToTheViewGoesWhereTheKeyBelongs() throws Exception {
        Properties process = System.getProperties();
        overlaid(() -> {
            Properties view = System.getProperties();
            assertThat(view.put("own", "a")).isEqualTo("mine");
            assertThat(view.putIfAbsent("own", "b")).isEqualTo("a");
            assertThat(view.putIfAbsent("hidden", "b")).isNull();
            assertThat(view.get("hidden")).isEqualTo("b");
            assertThat(view.remove("hidden")).isEqualTo("b");
            assertThat(view.computeIfAbsent("hidden", k -> "c")).isEqualTo("c");
            assertThat(view.computeIfPresent("own", (k, v) -> v + "a")).isEqualTo("aa");
            assertThat(view.compute("own", (k, v) -> null)).isNull();
            assertThat(view.merge("own", "d", (v, w) -> v + "" + w)).isEqualTo("d");
            assertThat(view.merge("own", "d", (v, w) -> v + "" + w)).isEqualTo("dd");
            assertThat(view.replace("own", "e")).isEqualTo("dd");
            assertThat(view.replace("own", "no", "f")).isFalse();
            assertThat(view.replace("own", "e", "f")).isTrue();
            assertThat(view.remove("own", "no")).isFalse();
            assertThat(view.remove("own", "f")).isTrue();
            view.load(new StringReader("own=loaded\nnew=loaded"));
            assertThat(view.setProperty("own", "set")).isEqualTo("loaded");
            view.putAll(Map.of("own", "put", "common", "put"));
            assertThat(System.getProperty("own")).isEqualTo("put");

            assertThat(view.keySet().remove("hidden")).isTrue();
            assertThat(System.getProperty("hidden")).isNull();
            for (Map.Entry<Object, Object> entry : view.entrySet()) {
                if (entry.getKey().equals("own") || entry.getKey().equals("common")) {
                    entry.setValue(entry.getKey() + " in turn");
                }
            }
            assertThat(System.getProperty("own")).isEqualTo("own in turn");
            for (Iterator<Object> keys = view.keySet().iterator(); keys.hasNext(); ) {
                if (keys.next().equals("new")) {
                    keys.remove();
                }
            }
            view.replaceAll((k, v) -> k.equals("own") ? "replaced" : v);
            assertThat(System.getProperty("own")).isEqualTo("replaced");
            assertThatThrownBy(() -> view.put("own", null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> view.put("new", null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> view.get(null)).isInstanceOf(NullPointerException.class);
        });
        assertThat(System.getProperties()).isSameAs(process);
        assertThat(process.getProperty("own")).isEqualTo("process's");
        assertThat(process.getProperty("hidden")).isEqualTo("process's");
        assertThat(process.getProperty("common")).isEqualTo("common in turn");
        assertThat(process.getProperty("new")).isNull();
    }

    @Test
    void theViewIsItsCoroutinesAlsoInOtherHands() throws Exception {
        overlaid(() -> {
            Properties view = System.getProperties();
            String[] seen = new String[2];
            Thread.ofPlatform().start(() -> {
                seen[0] = view.getProperty("own");
                seen[1] = System.getProperty("own");
                view.setProperty("own", "by another");
            }).join();
            assertThat(seen).containsExactly("mine", "process's");
            assertThat(System.getProperty("own")).isEqualTo("by another");
        });
    }

    @Test
    void theViewFollowsTheProcesss() throws Exception {
        Properties before = System.getProperties();
        try {
            overlaid(() -> {
                Thread.ofPlatform().start(() -> System.setProperty("common", "changed")).join();
                assertThat(System.getProperties().get("common")).isEqualTo("changed");

                Properties others = new Properties();
                others.putAll(before);
                others.setProperty("common", "replaced");
                System.setProperties(others);
                assertThat(System.getProperty("common")).isEqualTo("replaced");
                assertThat(System.getProperty("own")).isEqualTo("mine");
            });
        } finally {
            System.setProperties(before);
        }
    }
}
