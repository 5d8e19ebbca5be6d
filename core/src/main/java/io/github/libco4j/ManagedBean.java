package io.github.libco4j;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.jspecify.annotations.Nullable;

/**
 * What JMX shows with {@code -Dlibco4j.jmx=true}: a loop's statistics, each figure an attribute; and one operation, which returns a
 * text. Nobody loads this class otherwise, since {@code java.management} takes long to load.
 */
final class ManagedBean implements DynamicMBean {
    private static final String DOMAIN = "io.github.libco4j:type=";

    private final @Nullable EventLoop loop;
    private final String operation;

    /** The bean of a loop; null for that of all. */
    private ManagedBean(@Nullable EventLoop loop) {
        this.loop = loop;
        this.operation = loop == null ? "report" : "dump";
    }

    // ------------------------------------------------------------------------------------------ registration

    /** The beans of loops that have not ended. */
    private static int loops;

    private static @Nullable ObjectName all;

    /** Registers a loop. Returns what takes it out again; null, after a warning, if that cannot be done. */
    static synchronized @Nullable Runnable register(EventLoop loop) {
        try {
            ObjectName name = register("EventLoop", loop.name(), new ManagedBean(loop));
            if (loops == 0) {
                all = register("Libco4j", "", new ManagedBean(null));
            }
            loops++;
            return () -> unregister(name);
        } catch (JMException | RuntimeException e) {
            System.getLogger("io.github.libco4j").log(Level.WARNING, loop + " is not shown by JMX", e);
            return null;
        }
    }

    /** A name that is taken gets a number. */
    private static ObjectName register(String type, String name, ManagedBean bean) throws JMException {
        for (int number = 1; ; number++) {
            String value = (name + (number == 1 ? "" : " (" + number + ")")).strip();
            ObjectName full = new ObjectName(DOMAIN + type + (value.isEmpty() ? "" : ",name=" + ObjectName.quote(value)));
            try {
                return ManagementFactory.getPlatformMBeanServer().registerMBean(bean, full).getObjectName();
            } catch (InstanceAlreadyExistsException taken) {
                // The next number may be free.
            }
        }
    }

    private static synchronized void unregister(ObjectName name) {
        loops--;
        remove(name);
        if (loops == 0 && all != null) {
            remove(all);
            all = null;
        }
    }

    private static void remove(ObjectName name) {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (JMException gone) {
            // Somebody else has taken it out.
        }
    }

    // ---------------------------------------------------------------------------------------- what JMX calls

    @Override
    public MBeanInfo getMBeanInfo() {
        List<MBeanAttributeInfo> attributes = new ArrayList<>();
        for (Map.Entry<String, Object> each : figures().entrySet()) {
            String type = each.getValue().getClass().getName();
            attributes.add(new MBeanAttributeInfo(each.getKey(), type, "as in EventLoop.Statistics", true, false, false));
        }
        MBeanOperationInfo[] operations = {new MBeanOperationInfo(operation, "a text", null, "java.lang.String", MBeanOperationInfo.INFO)};
        return new MBeanInfo("libco4j", operation, attributes.toArray(new MBeanAttributeInfo[0]), null, operations, null);
    }

    @Override
    public Object invoke(String name, Object @Nullable [] arguments, String @Nullable [] signature) throws ReflectionException {
        if (!name.equals(operation)) {
            throw new ReflectionException(new NoSuchMethodException(name));
        }
        return loop == null ? Interposition.report() : loop.dump();
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        Object value = figures().get(name);
        if (value == null) {
            throw new AttributeNotFoundException(name);
        }
        return value;
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        Map<String, Object> figures = figures();
        AttributeList found = new AttributeList();
        for (String name : names) {
            Object value = figures.get(name);
            if (value != null) {
                found.add(new Attribute(name, value));
            }
        }
        return found;
    }

    /** All figures, of one moment: each component of the statistics, and how many coroutines are in each state. */
    private Map<String, Object> figures() {
        Map<String, Object> figures = new TreeMap<>();
        if (loop == null) {
            return figures;
        }
        EventLoop.Statistics now = loop.statistics();
        try {
            for (RecordComponent each : EventLoop.Statistics.class.getRecordComponents()) {
                Object value = each.getAccessor().invoke(now);
                if (!(value instanceof Map)) {
                    figures.put(capitalized(each.getName()), value);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        for (Map.Entry<Coroutine.State, Integer> each : now.states().entrySet()) {
            figures.put(capitalized(each.getKey().name().toLowerCase(Locale.ROOT)), each.getValue());
        }
        return figures;
    }

    private static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }
}
