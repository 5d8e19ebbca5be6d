module consumer {
    requires io.github.libco4j;
}
