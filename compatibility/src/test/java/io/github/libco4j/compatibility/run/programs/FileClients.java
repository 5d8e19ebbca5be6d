package io.github.libco4j.compatibility.run.programs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;

/** Each stores files and fetches them. */
public final class FileClients implements Clients {
    @Override
    public int number() {
        return 40;
    }

    @Override
    public String ask(int port, int client) throws IOException {
        var ftp = new FTPClient();
        ftp.connect("127.0.0.1", port);
        if (!ftp.login("user", "secret")) {
            return client + ": " + ftp.getReplyString();
        }
        ftp.enterLocalPassiveMode();
        ftp.setFileType(FTP.BINARY_FILE_TYPE);
        int same = 0;
        for (int i = 0; i < 3; i++) {
            byte[] sent = new byte[10_000 * (i + 1)];
            Arrays.fill(sent, (byte) (client + i));
            String name = "file-" + client + "-" + i;
            boolean stored = ftp.storeFile(name, new ByteArrayInputStream(sent));
            var fetched = new ByteArrayOutputStream();
            same += stored && ftp.retrieveFile(name, fetched) && Arrays.equals(sent, fetched.toByteArray()) ? 1 : 0;
        }
        ftp.logout();
        ftp.disconnect();
        return client + ": " + same;
    }
}
