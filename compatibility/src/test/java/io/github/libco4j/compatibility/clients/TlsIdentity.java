package io.github.libco4j.compatibility.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * A key, and its certificate for localhost. Whoever has it trusts it. The JDK's keytool makes it.
 *
 * @param file the key store
 * @param keys what is in it
 */
record TlsIdentity(Path file, KeyStore keys) {
    private static final String PASSWORD = "changeit";

    /** A new one, in a file of this directory. */
    static TlsIdentity create(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        Path file = directory.resolve("key.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost",
                "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD);
        Path output = directory.resolve("keytool.log");
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(output));
        }
        return load(file);
    }

    static TlsIdentity load(Path file) throws IOException, GeneralSecurityException {
        return new TlsIdentity(file, KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
    }

    /** Shows the certificate to those who ask for it, and trusts it. */
    SSLContext context() throws GeneralSecurityException {
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), new X509TrustManager[] {trust()}, null);
        return context;
    }

    X509TrustManager trust() throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(keys);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
