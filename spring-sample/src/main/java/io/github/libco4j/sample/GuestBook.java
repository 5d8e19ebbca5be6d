package io.github.libco4j.sample;

import java.io.Console;
import java.io.IOException;
import java.util.Locale;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The application, which says where it is when it is ready. On a terminal it also ends by Enter. */
@SpringBootApplication
@EnableAsync
@EnableScheduling
public class GuestBook {
    @SuppressWarnings("SystemConsoleNull") // Another check asks for what this one finds needless.
    public static void main(String[] arguments) throws IOException {
        ConfigurableApplicationContext application = SpringApplication.run(GuestBook.class, arguments);
        if (application instanceof WebServerApplicationContext web && web.getWebServer() != null) {
            String address = String.format(Locale.ROOT, "http://127.0.0.1:%d", web.getWebServer().getPort());
            System.out.println("The guest book is at " + address + " on " + application.getEnvironment().getProperty("sample.threads"));
            System.out.println("  curl " + address + "/entries/1");
        }
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            System.out.println("Enter or Ctrl-C ends it.");
            int read = System.in.read();
            while (read >= 0 && read != '\n') {
                read = System.in.read();
            }
            application.close();
        }
    }
}
