package dev.narrows.network.parts;

import dev.narrows.network.execute.ImageSource;
import java.io.Serializable;

/** Images that can be sent to where they are wanted: they, or what it takes to read them there. */
public interface TravellingSource extends ImageSource, Serializable {}
