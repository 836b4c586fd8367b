package io.millrace.models;

import java.io.Serializable;

/** A learning problem: what goes in and what is to be predicted. */
public record Problem(Inputs inputs, Target target) implements Serializable {}
