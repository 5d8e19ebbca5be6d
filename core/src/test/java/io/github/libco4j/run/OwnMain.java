package io.github.libco4j.run;

/** A program whose main is an object's, and takes no arguments. */
class OwnMain {
    private final String greeting = "main";

    void main() throws ReflectiveOperationException {
        System.out.println(greeting + " on " + Places.place());
    }

    /** The same with arguments, of which the launcher prefers that. */
    static class WithArguments extends OwnMain {
        void main(String[] arguments) throws ReflectiveOperationException {
            System.out.print(arguments[0] + " ");
            main();
        }
    }
}
