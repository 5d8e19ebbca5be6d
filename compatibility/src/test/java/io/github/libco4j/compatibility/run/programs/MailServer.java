package io.github.libco4j.compatibility.run.programs;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;

/** {@code PORT}: GreenMail's SMTP server there, and its IMAP server one port above. */
public final class MailServer {
    private MailServer() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        var mail = new GreenMail(new ServerSetup[] {
            new ServerSetup(port + 1, "127.0.0.1", ServerSetup.PROTOCOL_IMAP), new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP)
        });
        for (int i = 0; i < MailClients.NUMBER; i++) {
            mail.setUser(i + "@localhost", Integer.toString(i), "secret");
        }
        mail.start();
    }
}
