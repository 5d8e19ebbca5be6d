package io.github.libco4j.examples.kv;

import java.io.IOException;

/**
 * One command of the table.
 *
 * @param name in lower case, as error replies name it
 * @param arity how many arguments it takes, its name included; if negative, at least that many
 * @param handler what does it
 */
record Command(String name, int arity, Handler handler) {
    /** Does a command and writes its one reply. It throws a {@link CommandException} before it has written anything. */
    @FunctionalInterface
    interface Handler {
        void execute(Arguments arguments, Session session) throws IOException;
    }

    void execute(Arguments arguments, Session session) throws IOException {
        if (arity >= 0 ? arguments.count() != arity : arguments.count() < -arity) {
            throw CommandException.wrongArity(name);
        }
        handler.execute(arguments, session);
    }
}
