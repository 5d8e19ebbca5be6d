package io.github.libco4j.internal.jdk;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * One thing that libco4j assumes of the JDK's internals. {@link Assumptions} has all.
 *
 * @param need what does not work without it
 * @param where which JDKs it is assumed of
 * @param type a class of the JDK, by its binary name
 * @param member empty for the class itself; {@code name} for a field, {@code NAME=1} for a constant, {@code name(Type,int)}
 *     for a method, {@code new(Type,int)} for a constructor, {@code field.name} for a field of what is in a virtual thread's
 *     field
 */
record Assumption(Need need, Where where, String type, String member) {
    /** What does not work without it. */
    enum Need {
        /** A loop. */
        LOOP,
        /** The interposition of sockets and channels. */
        CHANNELS,
        /** The loops' own epoll sets, which {@code -Dlibco4j.readiness=jdk} does without. */
        POLLERS,
        /** {@code Environment}, for which there is the agent. */
        ENVIRONMENT,
        /** Waits that are measured by the clock of a test, for which there is the agent as well. */
        TIME,
        /** What dumps say of monitors. */
        DUMPS,
        /** That a program's threads become coroutines, for which there is the agent. */
        RUN
    }

    /** Which JDKs it is assumed of: they are told apart by what they have, not by their number. */
    enum Where {
        EVERYWHERE,
        /** Pollers that have a map of waiting threads each, as up to JDK 26. */
        WITHOUT_POLLER_GROUP,
        /** Pollers that are in a group, as since JDK 27. */
        WITH_POLLER_GROUP;

        boolean isHere() {
            return this == EVERYWHERE || (this == WITH_POLLER_GROUP) == Assumptions.hasPollerGroup();
        }
    }

    /** What is different in this JDK, in words; null if nothing is. */
    @Nullable String difference() {
        Class<?> found;
        try {
            found = Class.forName(type, false, null);
        } catch (ClassNotFoundException none) {
            return "there is no class " + type;
        }
        try {
            int dot = member.indexOf('.');
            int equals = member.indexOf('=');
            if (member.isEmpty()) {
                return null;
            } else if (member.endsWith(")")) {
                return hasExecutable(found) ? null : type + " has no " + member;
            } else if (equals >= 0) {
                return differenceOfConstant(found.getDeclaredField(member.substring(0, equals)), member.substring(equals + 1));
            } else if (dot >= 0) {
                return differenceOfContent(member.substring(0, dot), member.substring(dot + 1));
            }
            Field ignored = found.getDeclaredField(member);
            return null;
        } catch (NoSuchFieldException none) {
            return type + " has no field " + none.getMessage();
        }
    }

    private boolean hasExecutable(Class<?> found) {
        String name = member.substring(0, member.indexOf('('));
        if (name.equals("new")) {
            for (Constructor<?> each : found.getDeclaredConstructors()) {
                if (member.equals(signature(name, each.getParameterTypes()))) {
                    return true;
                }
            }
            return false;
        }
        for (Method each : found.getDeclaredMethods()) {
            if (each.getName().equals(name) && member.equals(signature(name, each.getParameterTypes()))) {
                return true;
            }
        }
        return false;
    }

    private static String signature(String name, Class<?>[] parameters) {
        StringBuilder text = new StringBuilder(name).append('(');
        for (Class<?> each : parameters) {
            text.append(text.charAt(text.length() - 1) == '(' ? "" : ",").append(each.getSimpleName());
        }
        return text.append(')').toString();
    }

    private @Nullable String differenceOfConstant(Field field, String value) {
        int here = Assumptions.intOf(field);
        return Integer.toString(here).equals(value) ? null : type + "." + field.getName() + " is " + here + " and not " + value;
    }

    private @Nullable String differenceOfContent(String field, String name) throws NoSuchFieldException {
        Object content = Assumptions.contentOf(Thread.ofVirtual().unstarted(Assumptions.NOTHING), field);
        try {
            Field ignored = content.getClass().getDeclaredField(name);
            return null;
        } catch (NoSuchFieldException none) {
            return "what " + type + "." + field + " refers to has no field " + name;
        }
    }

    /** Where the source of the JDK has it. */
    String source() {
        int nested = type.indexOf('$');
        String outer = nested < 0 ? type : type.substring(0, nested);
        return "java.base/" + outer.replace('.', '/') + ".java";
    }
}
