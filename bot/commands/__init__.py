"""The commands of `askdesk` beside `run` and `demo`: what operators ask and mend, and how it is said in a terminal."""
