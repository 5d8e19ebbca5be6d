package io.github.libco4j.bench.server;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;

/** HTTP/1.1 as one writes it with blocking streams: read a request, write its answer, again, until the client goes. */
final class BlockingHttp implements BlockingServer.Handler {
    /** Where the body of an answer comes from. */
    @FunctionalInterface
    interface Pages {
        byte[] page() throws IOException;
    }

    private final Pages pages;

    private BlockingHttp(Pages pages) {
        this.pages = pages;
    }

    /** Always the same page, from memory. */
    static BlockingHttp fromMemory() {
        byte[] body = HttpAnswer.body();
        return new BlockingHttp(() -> body);
    }

    /** Each page from the database, by one query. */
    static BlockingHttp from(Database database) {
        return new BlockingHttp(() -> {
            try {
                return database.page(7);
            } catch (SQLException e) {
                throw new IOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        });
    }

    @Override
    public void serve(InputStream from, OutputStream to) throws IOException {
        InputStream in = new BufferedInputStream(from, BlockingServer.BUFFER);
        OutputStream out = new BufferedOutputStream(to, BlockingServer.BUFFER);
        while (skipRequest(in)) {
            byte[] body = pages.page();
            out.write(HttpAnswer.head(body.length));
            out.write(body);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    /** Reads up to the empty line; false if the client has gone. */
    private static boolean skipRequest(InputStream in) throws IOException {
        int matched = 0;
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == "\r\n\r\n".charAt(matched)) {
                matched++;
                if (matched == 4) {
                    return true;
                }
            } else {
                matched = c == '\r' ? 1 : 0;
            }
        }
        return false;
    }
}
