# What Doxygen reads of a document or an example, where its ways differ from ours. The links of the
# documents are good in the repository; of these

# the name of something leads to its page: [`Read`](../../cogen/operations/read.hpp),
s,\[`([A-Za-z_:]+)(\(\))?`\]\((\.\./)+(cogen|reactors)/[^)]*\),@ref cogen::\1 "\1\2",g

# an example to that: [this program](../../examples/hello.cpp),
s,\[([^]]+)\]\((\.\./)+examples/([^)]*\.[ch]pp)\),@ref \3 "\1",g

# any other header to its text, whose page has two underscores for each in the name,
:again
s,(\]\((\.\./)+(cogen|reactors)/[a-z/%]*)_([a-z_]*\.hpp\)),\1%%\4,
t again
s,(\]\()(\.\./)+(cogen|reactors)/(operations/)?([a-z%]+)\.hpp\),\1\5_8hpp_source.html),g
s,%%,__,g

# and the rest nowhere, since it is not here.
s,\[([^]]+)\]\((\.\./)+[^)]*\.(cpp|py|hpp)\),\1,g
s,\[([^]]+)\]\((\.\./)+(examples|bench|tests|[A-Z]+\.md)\),\1,g

# The headings of the reference are linked to, by their words in small letters.
/^# Reference$/,$ {
    /^## / {
        h
        s/^## //
        y/ABCDEFGHIJKLMNOPQRSTUVWXYZ /abcdefghijklmnopqrstuvwxyz-/
        s/.*/ {#&}/
        H
        x
        s/\n//
    }
}

# The marks of a part are [name] and [/name]; Doxygen looks for the first one twice.
s,// \[/,// [,
