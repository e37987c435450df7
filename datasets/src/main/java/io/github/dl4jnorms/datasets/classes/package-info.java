/** Images by class: a folder for each class, named after it, with the class's images in it. */
package io.github.dl4jnorms.datasets.classes;
