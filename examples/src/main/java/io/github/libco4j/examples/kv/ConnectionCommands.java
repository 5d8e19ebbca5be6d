package io.github.libco4j.examples.kv;

import java.io.IOException;

/** Commands about the connection itself: PING, ECHO, SELECT, CLIENT, QUIT. */
final class ConnectionCommands {
    void addTo(CommandTable table) {
        table.add("PING", -1, this::ping);
        table.add("ECHO", 2, (arguments, session) -> session.reply().bulk(arguments.bytes(1)));
        table.add("SELECT", 2, this::select);
        table.add("CLIENT", -2, this::client);
        table.add("QUIT", -1, this::quit);
    }

    private void ping(Arguments arguments, Session session) throws IOException {
        switch (arguments.count()) {
            case 1 -> session.reply().pong();
            case 2 -> session.reply().bulk(arguments.bytes(1));
            default -> throw CommandException.wrongArity("ping");
        }
    }

    /** There is one database, number 0. */
    private void select(Arguments arguments, Session session) throws IOException {
        if (arguments.integer(1) != 0) {
            throw new CommandException("ERR DB index is out of range");
        }
        session.reply().ok();
    }

    private void client(Arguments arguments, Session session) throws IOException {
        if (arguments.is(1, "ID") && arguments.count() == 2) {
            session.reply().integer(session.id());
        } else if (arguments.is(1, "GETNAME") && arguments.count() == 2) {
            session.reply().bulk(session.name());
        } else if (arguments.is(1, "SETNAME") && arguments.count() == 3) {
            session.rename(arguments.bytes(2));
            session.reply().ok();
        } else if (arguments.is(1, "SETINFO") && arguments.count() == 4) {
            // Client libraries tell their name and version and expect to be thanked.
            session.reply().ok();
        } else {
            throw new CommandException("ERR Unknown CLIENT subcommand or wrong number of arguments for '"
                    + arguments.text(1) + "'");
        }
    }

    private void quit(Arguments arguments, Session session) throws IOException {
        session.quit();
        session.reply().ok();
    }
}
