// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

/** Calls static methods and prints what they return, a line for each. Arguments: "class.method", any number of them. */
public final class Ask {
    private Ask() {}

    public static void main(String[] args) throws Exception {
        for (String method : args) {
            int dot = method.lastIndexOf('.');
            System.out.println(Class.forName(method.substring(0, dot))
                    .getMethod(method.substring(dot + 1))
                    .invoke(null));
        }
    }
}
