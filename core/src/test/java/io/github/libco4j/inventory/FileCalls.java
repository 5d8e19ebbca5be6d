package io.github.libco4j.inventory;

import static io.github.libco4j.inventory.BlockingCall.Fate.AGENT;
import static io.github.libco4j.inventory.BlockingCall.Fate.BLOCKS;
import static io.github.libco4j.inventory.BlockingCall.Fate.JDK;
import static io.github.libco4j.inventory.BlockingCall.Fate.LIBCO4J;
import static io.github.libco4j.inventory.BlockingCall.Fate.SUSPENDS;

import io.github.libco4j.inventory.BlockingCall.Fate;
import io.github.libco4j.inventory.BlockingCall.Try;
import io.github.libco4j.inventory.SlowKernel.Kind;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** What waits for a file system, or for the other end of a named pipe. */
final class FileCalls {
    private FileCalls() {}

    /** Makes a call, the file that it is given, whose system call is slow. */
    @FunctionalInterface
    private interface OfFile {
        void accept(Path file) throws Exception;
    }

    private static Try slow(Kind kind, OfFile call) {
        return scene -> {
            Path file = scene.file();
            scene.slow(kind);
            return () -> call.accept(file);
        };
    }

    /** A call on something opened by one step and used by another. */
    @FunctionalInterface
    private interface Opening<T> {
        T open(Path file) throws Exception;
    }

    @FunctionalInterface
    private interface Using<T> {
        void use(T open) throws Exception;
    }

    private static <T extends AutoCloseable> Try slow(Kind kind, Opening<T> opening, Using<T> using) {
        return scene -> {
            T open = scene.closing(opening.open(scene.file()));
            scene.slow(kind);
            return () -> using.use(open);
        };
    }

    private static <T extends AutoCloseable> Try empty(Opening<T> opening, Using<T> using) {
        return scene -> {
            T open = scene.closing(opening.open(scene.emptyPipe()));
            return () -> using.use(open);
        };
    }

    private static <T extends AutoCloseable> Try full(Opening<T> opening, Using<T> using) {
        return scene -> {
            T open = scene.closing(opening.open(scene.fullPipe()));
            return () -> using.use(open);
        };
    }

    private static Try opening(Opening<? extends AutoCloseable> opening) {
        return scene -> {
            Path pipe = scene.unopenedPipe();
            scene.endedBy(() -> scene.closing(new RandomAccessFile(pipe.toFile(), "rw")));
            return () -> scene.closing(opening.open(pipe));
        };
    }

    private static FileChannel channel(Path path) throws Exception {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static FileChannel reader(Path path) throws Exception {
        return FileChannel.open(path);
    }

    private static FileChannel writer(Path path) throws Exception {
        return FileChannel.open(path, StandardOpenOption.WRITE);
    }


    private static BlockingCall io(String calls, String waitFor, Try... tries) {
        return BlockingCall.row("java.io", calls, waitFor, BLOCKS, AGENT, tries);
    }

    private static BlockingCall files(String calls, Try... tries) {
        return BlockingCall.row("java.nio.file", calls, "the file system", BLOCKS, AGENT, tries);
    }

    private static BlockingCall channels(String calls, String waitFor, Fate fate, Try... tries) {
        return BlockingCall.row("File channels", calls, waitFor, fate, tries);
    }

    static List<BlockingCall> calls() {
        return List.of(
                io(
                                "FileInputStream",
                                "the file system, or a pipe's other end",
                                opening(pipe -> new FileInputStream(pipe.toFile())),
                                slow(Kind.OPEN, path -> new FileInputStream(path.toFile()).close()),
                                empty(pipe -> new FileInputStream(pipe.toFile()), FileInputStream::read),
                                empty(pipe -> new FileInputStream(pipe.toFile()), in -> in.read(new byte[10])),
                                slow(Kind.SEEK, path -> new FileInputStream(path.toFile()), in -> in.skip(1)),
                                slow(Kind.STAT, path -> new FileInputStream(path.toFile()), FileInputStream::available),
                                slow(Kind.CLOSE, path -> new FileInputStream(path.toFile()), FileInputStream::close))
                        .because("as do FileReader, Console, SecureRandom that reads /dev/random, …"),
                io(
                                "FileOutputStream",
                                "the file system, or a pipe's other end",
                                opening(pipe -> new FileOutputStream(pipe.toFile())),
                                full(pipe -> new FileOutputStream(pipe.toFile()), out -> out.write(Scene.MUCH)),
                                full(pipe -> new FileOutputStream(pipe.toFile()), out -> {
                                    out.write(new byte[1 << 16]);
                                    out.write(1);
                                    out.write(Scene.MUCH, 0, Scene.MUCH.length - (1 << 16) - 1);
                                }),
                                slow(Kind.CLOSE, path -> new FileOutputStream(path.toFile()), FileOutputStream::close))
                        .because("as do FileWriter, PrintWriter, FileHandler of java.util.logging, …"),
                io(
                        "RandomAccessFile",
                        "the file system, or a pipe's other end",
                        slow(Kind.OPEN, path -> new RandomAccessFile(path.toFile(), "rw").close()),
                        empty(pipe -> new RandomAccessFile(pipe.toFile(), "rw"), RandomAccessFile::read),
                        empty(pipe -> new RandomAccessFile(pipe.toFile(), "rw"), file -> file.readFully(new byte[8])),
                        full(pipe -> new RandomAccessFile(pipe.toFile(), "rw"), file -> file.write(Scene.MUCH)),
                        slow(Kind.SEEK, path -> new RandomAccessFile(path.toFile(), "rw"), file -> file.seek(1)),
                        slow(Kind.STAT, path -> new RandomAccessFile(path.toFile(), "rw"), RandomAccessFile::length),
                        slow(Kind.TRUNCATE, path -> new RandomAccessFile(path.toFile(), "rw"), file -> file.setLength(1)),
                        slow(Kind.CLOSE, path -> new RandomAccessFile(path.toFile(), "rw"), RandomAccessFile::close)),
                BlockingCall.row(
                        "java.io",
                        "RandomAccessFile: synchronous writes",
                        "the file system",
                        JDK,
                        JDK,
                        full(pipe -> new RandomAccessFile(pipe.toFile(), "rwd"), file -> file.write(Scene.MUCH))),
                BlockingCall.row(
                        "java.io",
                        "FileDescriptor.sync",
                        "the file system",
                        JDK,
                        JDK,
                        slow(Kind.SYNC, path -> new FileOutputStream(path.toFile()), out -> out.getFD().sync())),
                io(
                        "File: exists, length, list, delete, renameTo, …",
                        "the file system",
                        slow(Kind.STAT, path -> path.toFile().exists()),
                        slow(Kind.STAT, path -> path.toFile().length()),
                        slow(Kind.ACCESS, path -> path.toFile().canRead()),
                        slow(Kind.READ_LINK, path -> path.toFile().getCanonicalPath()),
                        slow(Kind.STAT_FS, path -> path.toFile().getFreeSpace()),
                        slow(Kind.READ_DIRECTORY, path -> path.getParent().toFile().list()),
                        slow(Kind.OPEN, path -> new File(path + "new").createNewFile()),
                        slow(Kind.MAKE_DIRECTORY, path -> new File(path + "new").mkdir()),
                        slow(Kind.REMOVE, path -> path.toFile().delete()),
                        slow(Kind.RENAME, path -> path.toFile().renameTo(new File(path + "new"))),
                        slow(Kind.SET_MODE, path -> path.toFile().setReadable(true, false))),
                files(
                        "Files.newByteChannel, newInputStream, newOutputStream, createFile, …, FileChannel.open: to open",
                        opening(Files::newInputStream),
                        opening(Files::newOutputStream),
                        opening(FileCalls::reader),
                        slow(Kind.OPEN, path -> Files.newByteChannel(path).close()),
                        slow(Kind.OPEN, path -> Files.createFile(Path.of(path + "new"))),
                        slow(Kind.OPEN, path -> reader(path).close()),
                        slow(Kind.OPEN, path -> AsynchronousFileChannel.open(path).close())),
                BlockingCall.row(
                        "java.nio.file",
                        "Files: readAllBytes, readString, lines, write, and the streams and channels of Files: read, write",
                        "the file system, or a pipe's other end",
                        LIBCO4J,
                        LIBCO4J,
                        empty(Files::newInputStream, in -> in.read(new byte[10])),
                        empty(Files::newBufferedReader, reader -> reader.readLine()),
                        full(Files::newOutputStream, out -> out.write(Scene.MUCH))),
                files(
                        "Files.exists, size, getAttribute, setLastModifiedTime, …, Path.toRealPath, FileStore, users and groups",
                        slow(Kind.STAT, Files::size),
                        slow(Kind.ACCESS, Files::isReadable),
                        slow(Kind.STAT, path -> Files.isSameFile(path, path.getParent())),
                        slow(Kind.READ_LINK, path -> Objects.requireNonNull(path.toRealPath())),
                        slow(Kind.SET_TIME, path -> Files.setLastModifiedTime(path, FileTime.fromMillis(0))),
                        slow(Kind.SET_MODE, path ->
                                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"))),
                        slow(Kind.SET_OWNER, path -> Files.setOwner(path, Files.getOwner(path))),
                        slow(Kind.STAT_FS, path -> Files.getFileStore(path).getTotalSpace()),
                        slow(Kind.OPEN, _ -> FileSystems.getDefault().getFileStores().iterator().next()),
                        slow(Kind.OPEN, _ -> FileSystems.getDefault()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName("root"))),
                files(
                        "Files.list, walk, createDirectory, delete, move, copy, createLink, …",
                        slow(Kind.OPEN, path -> {
                            try (DirectoryStream<Path> _ = Files.newDirectoryStream(path.getParent())) {}
                        }),
                        slow(Kind.READ_DIRECTORY, path -> {
                            try (DirectoryStream<Path> stream = Files.newDirectoryStream(path.getParent())) {
                                stream.iterator().next();
                            }
                        }),
                        slow(Kind.MAKE_DIRECTORY, path -> Files.createDirectory(Path.of(path + "new"))),
                        slow(Kind.REMOVE, Files::delete),
                        slow(Kind.RENAME, path -> Files.move(path, Path.of(path + "new"))),
                        slow(Kind.LINK, path -> Files.createLink(Path.of(path + "new"), path)),
                        slow(Kind.LINK, path -> Files.createSymbolicLink(Path.of(path + "new"), path)),
                        slow(Kind.SEND_FILE, path -> Files.copy(path, Path.of(path + "new")))),
                BlockingCall.row("java.nio.file", "WatchService.take, poll, Path.register", "a change, or time", SUSPENDS, scene -> {
                    WatchService watch = scene.closing(FileSystems.getDefault().newWatchService());
                    Path directory = scene.file().getParent();
                    directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
                    scene.endedBy(() -> Files.createFile(directory.resolve("new")));
                    return watch::take;
                }),
                channels(
                        "FileChannel.read",
                        "the file system, or a pipe's other end",
                        LIBCO4J,
                        empty(FileCalls::reader, channel -> channel.read(ByteBuffer.allocate(10))),
                        empty(FileCalls::reader, channel -> channel.read(ByteBuffer.allocateDirect(10))),
                        empty(FileCalls::reader, channel -> channel.read(
                                new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)})),
                        slow(Kind.PREAD, FileCalls::channel, channel -> channel.read(ByteBuffer.allocate(10), 1))),
                channels(
                        "FileChannel.write",
                        "the file system, or a pipe's other end",
                        LIBCO4J,
                        full(FileCalls::writer, channel -> channel.write(ByteBuffer.wrap(Scene.MUCH))),
                        full(FileCalls::writer, channel -> channel.write(
                                new ByteBuffer[] {ByteBuffer.wrap(Scene.MUCH), ByteBuffer.allocate(1)})),
                        slow(Kind.PWRITE, FileCalls::channel, channel -> channel.write(ByteBuffer.allocate(10), 1))),
                channels(
                        "FileChannel of DSYNC, SYNC, DIRECT: read, write",
                        "the file system",
                        JDK,
                        slow(
                                Kind.PWRITE,
                                path -> FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC),
                                channel -> channel.write(ByteBuffer.allocate(10), 1))),
                channels("FileChannel.force", "the file system", JDK, slow(Kind.SYNC, FileCalls::channel, channel ->
                        channel.force(true))),
                channels("FileChannel.lock", "the lock's owner", JDK, scene -> {
                    FileChannel channel = scene.closing(channel(lockedByAnother(scene)));
                    return channel::lock;
                }),
                channels("FileChannel.transferTo, transferFrom a file", "the file system", LIBCO4J, scene -> {
                    FileChannel from = scene.closing(channel(scene.file()));
                    FileChannel to = scene.closing(channel(Files.createFile(scene.path("to"))));
                    scene.slow(Kind.SEND_FILE);
                    return () -> from.transferTo(0, 100, to);
                }),
                channels("FileChannel.truncate", "the file system", LIBCO4J, slow(Kind.TRUNCATE, FileCalls::channel, channel ->
                        channel.truncate(1))),
                BlockingCall.row(
                        "File channels",
                        "FileChannel.size, position, map, close",
                        "the file system",
                        BLOCKS,
                        AGENT,
                        slow(Kind.STAT, FileCalls::channel, FileChannel::size),
                        slow(Kind.SEEK, FileCalls::channel, channel -> channel.position(1)),
                        slow(Kind.MAP, FileCalls::channel, channel -> channel.map(MapMode.READ_WRITE, 0, 10)),
                        slow(Kind.CLOSE, FileCalls::channel, FileChannel::close)),
                channels("MappedByteBuffer.force", "the file system", JDK, mapped(Kind.SYNC_MAP, buffer -> {
                    buffer.put(0, (byte) 1);
                    buffer.force();
                })),
                BlockingCall.row(
                        "File channels",
                        "MappedByteBuffer.load",
                        "the file system",
                        BLOCKS,
                        AGENT,
                        mapped(Kind.ADVISE, MappedByteBuffer::load)),
                channels(
                                "MappedByteBuffer.get, put, MemorySegment.get, set of a mapped file",
                                "the file system, for a page that is not in memory",
                                BLOCKS)
                        .because("not tried. What waits is no call, but an instruction that faults"),
                channels("AsynchronousFileChannel.read, write, lock: get", "the file system", SUSPENDS, scene -> {
                    AsynchronousFileChannel channel =
                            scene.closing(AsynchronousFileChannel.open(lockedByAnother(scene), StandardOpenOption.WRITE));
                    Future<FileLock> lock = channel.lock();
                    return lock::get;
                }),
                BlockingCall.row(
                        "File channels",
                        "AsynchronousFileChannel.force, size, truncate",
                        "the file system",
                        BLOCKS,
                        AGENT,
                        slow(Kind.SYNC, path -> AsynchronousFileChannel.open(path, StandardOpenOption.WRITE), channel ->
                                channel.force(true)),
                        slow(Kind.STAT, AsynchronousFileChannel::open, AsynchronousFileChannel::size)),
                BlockingCall.row(
                        "Files of java.util.zip",
                        "ZipFile, JarFile: open, read",
                        "the file system",
                        BLOCKS,
                        AGENT,
                        scene -> {
                            Path zip = zip(scene);
                            scene.slow(Kind.OPEN);
                            return () -> scene.closing(new ZipFile(zip.toFile()));
                        },
                        scene -> {
                            ZipFile zip = scene.closing(new ZipFile(zip(scene).toFile()));
                            scene.slow(Kind.SEEK);
                            return () -> zip.getInputStream(zip.getEntry("a")).readAllBytes();
                        }));
    }

    /** A file that another process has locked, until the wait is to end. */
    private static Path lockedByAnother(Scene scene) throws Exception {
        Path file = scene.file();
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockOwner.class.getName(),
                        file.toString())
                .start();
        scene.closing(owner::destroyForcibly);
        owner.getInputStream().read();
        scene.endedBy(owner::destroyForcibly);
        return file;
    }

    private static Try mapped(Kind kind, Using<MappedByteBuffer> using) {
        return scene -> {
            FileChannel channel = scene.closing(channel(scene.file()));
            MappedByteBuffer buffer = channel.map(MapMode.READ_WRITE, 0, 1 << 14);
            scene.slow(kind);
            return () -> using.use(buffer);
        };
    }

    private static Path zip(Scene scene) throws Exception {
        Path path = scene.path("a.zip");
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new java.util.zip.ZipEntry("a"));
            zip.write("a".getBytes(StandardCharsets.US_ASCII));
        }
        return path;
    }

    /** Locks a file until it is killed. */
    static final class LockOwner {
        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel = channel(Path.of(arguments[0]))) {
                channel.lock();
                System.out.println("locked");
                Thread.sleep(60_000);
            }
        }
    }
}
