#!/usr/bin/env python3
"""Looks at the sources as a reader would: style, layers, and documents that quote them.

    tests/check.py              complains as file:line: message
    tests/check.py --mend       lets the documents' marks name the lines where the code is now
    tests/check.py --self-test  shows that it still refuses what it is there to refuse
"""

import pathlib
import posixpath
import re
import sys
import textwrap

# Each file includes only what stands in its own layer or above it here.
LAYERS = (
    ('core', 'cogen/adaptor cogen/blocks cogen/buffer cogen/clock cogen/coroutine '
             'cogen/descriptor cogen/error cogen/forks cogen/gather cogen/inbox cogen/instrument '
             'cogen/instruments '
             'cogen/io_operation cogen/known_stacks cogen/list cogen/operation '
             'cogen/record cogen/report cogen/scope cogen/site cogen/stack_overflow '
             'cogen/stack_use cogen/stacks cogen/stream_kind cogen/submission cogen/timeout '
             'cogen/timers cogen/wrapper'),
    ('reactors', 'reactors/*'),
    ('scheduler', 'cogen/deadline cogen/helper_threads cogen/interrupt cogen/priority '
                  'cogen/scheduler cogen/topic '
                  'cogen/topics cogen/tracer cogen/work'),
    ('front ends', 'cogen/exception_state cogen/measure_stacks cogen/shielded cogen/stackful '
                   'cogen/with_timeout'),
    ('operations', 'cogen/operations/*'),
    ('sockets', 'cogen/accept cogen/accept_many cogen/buffered_reader cogen/close cogen/connect '
                'cogen/connect_to cogen/datagram_socket cogen/descriptor_stream cogen/endpoint '
                'cogen/file cogen/listen cogen/listener cogen/open_datagram cogen/open_descriptor '
                'cogen/receive_descriptors cogen/receive_from cogen/resolve cogen/send_to '
                'cogen/socket cogen/socket_options cogen/spare_descriptor '
                'cogen/standard_streams'),
    ('all of it', 'cogen/cogen'),
)
# These may know a front end.
START_COROUTINES = {'cogen/operations/call', 'cogen/operations/iterate',
                    'cogen/operations/spawn'}

FOLDERS = {'bench', 'build', 'cogen', 'doc', 'examples', 'reactors', 'tests'}

BANNED = (
    (r'(?<!boost::context::)\bdetail::', 'what is internal is in a .cpp, in an unnamed namespace'),
    (r'\w*Impl\b', 'name it for what it does'),
    (r'\bprocess\(', 'the verb of the contract: start, complete, cancel, result'),
    (r'\bnew\s+[\w:]', 'make_unique, a container or a pool'),
    (r'#\s*define\s+(?!CATCH_CONFIG_|BOOST_|_GNU_SOURCE)', 'a constant, a function or a template'),
    (r'std::(format|jthread|move_only_function|source_location)\b',
     'not in every standard library we build with'),
)

LONGEST_LINE = 100
LONGEST_FUNCTION = 70


def load(root):
    """The texts of the project by path. What is hidden or built is none of it."""
    files = {}
    for path in sorted(root.rglob('*')):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not re.match(r'\.|build/|compile_commands|.*__pycache__', name):
            try:
                files[name] = path.read_text()
            except UnicodeDecodeError:  # a picture
                files[name] = ''
    return files


def code_of(text):
    """The text without comments and literals, line by line."""
    included = r'^#include[^\n]*'  # names its file in quotes, and is code all the same
    raw, string, character = r'R"(\w*)\(.*?\)\1"', r'"(?:\\.|[^"\\\n])*"', r"'(?:\\.|[^'\\\n])'"
    comment = r'//[^\n]*|/\*.*?\*/'

    def blank(found):
        return found[0] if found[0].startswith('#') else '\n' * found[0].count('\n')

    every = '|'.join((included, raw, string, character, comment))
    return re.sub(every, blank, text, flags=re.S | re.M)


def check_lines(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE and not path.endswith(('.md', '.html')):
            yield number, f'{len(line)} columns; {LONGEST_LINE} fit'
        if re.search(r'\b(FIX[M]E|TO[D]O)\b', line):
            yield number, 'finish it, or file an issue'


def check_words(path, text):
    allowed = [bool(re.search(r'// allowed: \w', line)) for line in text.splitlines()]
    for number, line in enumerate(code_of(text).splitlines(), 1):
        for pattern, instead in BANNED:
            if (found := re.search(pattern, line)) and not allowed[number - 1]:
                yield number, f'"{found[0].strip()}" ({instead}), or say why: // allowed: ...'
        if path.endswith('.hpp') and re.search(r'using namespace (?!std::\w*literals)', line):
            yield number, 'using namespace in a header reaches all that include it'
    if path.endswith('.hpp') and '#pragma once' not in text:
        yield 1, '#pragma once is missing'


def check_functions(path, text):
    """The brace of a function's body, and of nothing else, stands alone on its line."""
    opened = {}
    for number, line in enumerate(code_of(text).splitlines(), 1):
        indent = len(line) - len(line.lstrip())
        if line.strip() == '{':
            opened[indent] = number
        elif line.startswith('}', indent) and indent in opened:
            length = number - opened.pop(indent) - 1
            if length > LONGEST_FUNCTION:
                yield number - length - 1, f'a function of {length} lines; {LONGEST_FUNCTION} fit'


def layer_of(path):
    stem = path.rsplit('.', 1)[0]
    for rank, (_, names) in enumerate(LAYERS):
        if stem in names.split() or stem.rsplit('/', 1)[0] + '/*' in names.split():
            return rank
    return None


def check_layers(path, text):
    here = layer_of(path)
    if here is None:
        yield 1, 'stands in no layer: add it to LAYERS in tests/check.py'
        return
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r'#include [<"]((bench|cogen|examples|reactors|tests)/[^>"]+)', line):
            there = layer_of(found[1])
            if there is None or there > here:
                yield number, f'{LAYERS[here][0]} must not include {found[1]}'
            elif (LAYERS[here][0], LAYERS[there][0]) == ('operations', 'front ends') \
                    and path.rsplit('.')[0] not in START_COROUTINES:
                yield number, 'an operation that starts no coroutine must not include a front end'


def check_contract(path, text):
    """A case of the contract is tagged so, stands with the others, and names its reactor."""
    inside = path.startswith('tests/contract/')
    for case in re.finditer(r'^TEST_CASE\((.*?)\)\n\{\n(.*?)^\}', text, re.S | re.M):
        line = text.count('\n', 0, case.start()) + 1
        if inside != ('[contract]' in case[1]):
            yield line, ('a case of the contract is tagged [contract]' if inside else
                         'a case of the contract stands in tests/contract/')
        if inside and 'each_reactor(' not in case[2]:
            yield line, 'a case of the contract is played on each_reactor()'


def check_operations(files):
    """Each operation is offered by cogen.hpp and known to a test."""
    tests = ''.join(text for path, text in files.items() if re.match(r'tests/.*_test\.cpp', path))
    for path in files:
        if found := re.fullmatch(r'cogen/operations/(\w+)\.hpp', path):
            if f'"{path}"' not in files.get('cogen/cogen.hpp', ''):
                yield path, 1, 'is not included by cogen/cogen.hpp'
            test = f'tests/{found[1]}_test.cpp'
            named = f'[{found[1]}]' in tests or f'operations/{found[1]}.hpp' in tests
            if test not in files and not named:
                yield path, 1, f'has no {test}, and no other test names it'


def check_pages(files):
    """The reference shows each example; the steps of the tutorial are shown by that."""
    pages = files.get('doc/reference/pages.dox', '').splitlines()
    for path in files:
        found = re.fullmatch(r'examples/(?!tutorial/)(.*\.[ch]pp)', path)
        if found and f'/// \\example {found[1]}' not in pages:
            yield path, 1, 'has no line in doc/reference/pages.dox'


def check_examples(files):
    """A test runs each example, by its name."""
    tests = ''.join(text for path, text in files.items() if path.startswith('tests/'))
    for path in files:
        found = re.fullmatch(r'examples/(.*)\.cpp', path)
        if found and not re.search(rf'"/?{found[1]}(\.so)?"', tests):
            yield path, 1, 'is run by no test'


def check_folders(files):
    for path in files:
        if '/' in path and (folder := path.split('/')[0]) not in FOLDERS:
            yield path, 1, f'the folder {folder}/ is not one of {", ".join(sorted(FOLDERS))}'


def quoted(files, path, part):
    """The lines that a document means by path, path:3-9, or path:name (// [name] to // [/name])."""
    lines = files[path].splitlines()
    if part and part[0].isdigit():
        first, last = (int(number) for number in part.split('-'))
        lines = lines[first - 1:last]
    elif part:
        marks = [line.strip() for line in lines]
        lines = lines[marks.index(f'// [{part}]') + 1:marks.index(f'// [/{part}]')]
    lines = [line for line in lines if not re.match(r'\s*// \[/?\w+\]$', line)]
    return textwrap.dedent('\n'.join(lines)).strip()


def check_document(files, path):
    """A block below <!-- examples/echo.cpp --> is what that file says; links lead somewhere."""
    text = files[path]
    block = r'<!-- ([\w./-]+)(?::([\w-]+))? -->\n+```\w*\n(.*?)^```'
    for found in re.finditer(block, text, re.S | re.M):
        line = text.count('\n', 0, found.start()) + 1
        try:
            if found[3].strip() != quoted(files, found[1], found[2]):
                yield path, line, f'the block differs from {found[1]}'
        except (KeyError, ValueError):
            yield path, line, f'there is no {found[1]}' + (f':{found[2]}' if found[2] else '')
    prose = re.sub(r'```.*?```', '', text, flags=re.S)
    for found in re.finditer(r'\]\((?![a-z]+:)([^)#\s]+)', prose):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[1]))
        if not any(name == target or name.startswith(target + '/') for name in files):
            line = text.count('\n', 0, text.index(found[0])) + 1
            yield path, line, f'the link leads nowhere: {found[1]}'


def mend_document(files, path):
    """The text of a document whose marks like path:3-9 name the lines where the block is now."""
    def moved(found):
        block = textwrap.dedent(found[3]).strip().splitlines()
        lines = files.get(found[1], '').splitlines()
        for start in range(len(lines) - len(block) + 1):
            if textwrap.dedent('\n'.join(lines[start:start + len(block)])).splitlines() == block:
                return found[0].replace(f':{found[2]} ', f':{start + 1}-{start + len(block)} ', 1)
        return found[0]
    return re.sub(r'<!-- ([\w./-]+):(\d+-\d+) -->\n+```\w*\n(.*?)^```', moved, files[path],
                  flags=re.S | re.M)


def check(files):
    for path, text in files.items():
        checks = [check_lines]
        if path.endswith(('.cpp', '.hpp')):
            checks += [check_words, check_functions]
            if path.startswith(('cogen/', 'reactors/')):
                checks.append(check_layers)
            if path.endswith('_test.cpp'):
                checks.append(check_contract)
        for one in checks:
            yield from ((path, line, message) for line, message in one(path, text))
        if path.endswith('.md'):
            yield from check_document(files, path)
    yield from check_operations(files)
    yield from check_pages(files)
    yield from check_examples(files)
    yield from check_folders(files)


GOOD = {
    'cogen/operation.hpp': '#pragma once\n',
    'cogen/scheduler.hpp': '#pragma once\n#include "reactors/reactor.hpp"\n',
    'cogen/operations/nap.hpp': '#pragma once\n// A new nap.\n#include "cogen/scheduler.hpp"\n',
    'cogen/cogen.hpp': '#pragma once\n#include "cogen/operations/nap.hpp"\n',
    'reactors/reactor.hpp': '#pragma once\nauto name = "new name";\n',
    'tests/nap_test.cpp': 'void f()\n{\n' + '    g();\n' * 70 + '}\n',
    'tests/examples_test.cpp': 'run("nap", "how-to/nap", "tutorial/01_nap");\n',
    'tests/contract/nap_test.cpp': 'TEST_CASE("it naps",\n          "[contract][nap]")\n{\n'
                                   '    World world(each_reactor());\n}\n',
    'examples/nap.cpp': 'int main()\n{\n    // [a]\n    nap();\n    // [/a]\n}\n',
    'examples/how-to/nap.cpp': 'nap();\n',
    'examples/tutorial/01_nap.cpp': 'nap();\n',
    'doc/reference/pages.dox': '/// \\example nap.cpp\n/// It naps.\n\n'
                               '/// \\example how-to/nap.cpp\n/// How.\n',
    'doc/nap.md': 'See [it](../examples/nap.cpp).\n'
                  '<!-- examples/nap.cpp:a -->\n```cpp\nnap();\n```\n'
                  '<!-- examples/nap.cpp:1-2 -->\n```cpp\nint main()\n{\n```\n'
                  '<!-- examples/how-to/nap.cpp -->\n```cpp\nnap();\n```\n',
}
BAD = (
    ('cogen/operation.hpp', '#include "cogen/scheduler.hpp"\n', 'core must not include'),
    ('cogen/operation.hpp', '#include <cogen/cogen.hpp>\n', 'core must not include'),
    ('reactors/poll.cpp', '#include "tests/support/fake.hpp"\n', 'reactors must not include'),
    ('cogen/operations/nap.hpp', '#pragma once\n#include "cogen/stackful.hpp"\n', 'front end'),
    ('cogen/helper.hpp', '#pragma once\n', 'stands in no layer'),
    ('cogen/operations/doze.hpp', '#pragma once\n', 'not included by'),
    ('cogen/operations/doze.hpp', '#pragma once\n', 'has no tests/doze_test.cpp'),
    ('util/helper.hpp', '#pragma once\n', 'the folder util/'),
    ('cogen/operation.hpp', '#pragma once\nusing namespace std;\n', 'using namespace'),
    ('cogen/operation.hpp', '', '#pragma once'),
    ('cogen/error.cpp', 'auto e = new Error;\n', '"new E"'),
    ('cogen/error.cpp', '#define E 1\n', '#define'),
    ('cogen/error.cpp', 'class ErrorImpl;\n', 'ErrorImpl'),
    ('cogen/error.cpp', 'boost::detail::f();\n', 'detail::'),
    ('cogen/error.cpp', 'op.process(1);\n', 'process('),
    ('cogen/error.cpp', 'auto s = std::format("");\n', 'std::format'),
    ('cogen/error.cpp', '// TO' 'DO: later\n', 'finish it'),
    ('cogen/error.cpp', '//' + 99 * 'x' + '\n', '101 columns'),
    ('cogen/error.cpp', 'void f()\n{\n' + '    g();\n' * 71 + '}\n', 'a function of 71 lines'),
    ('tests/contract/nap_test.cpp', 'TEST_CASE("it naps", "[nap]")\n{\n    each_reactor();\n}\n',
     'is tagged [contract]'),
    ('tests/contract/nap_test.cpp', 'TEST_CASE("it naps", "[contract]")\n{\n    nap();\n}\n',
     'is played on each_reactor()'),
    ('tests/nap_test.cpp', 'TEST_CASE("it naps", "[contract]")\n{\n    each_reactor();\n}\n',
     'stands in tests/contract/'),
    ('examples/nap.cpp', 'int main()\n{\n// [a]\ndoze();\n// [/a]\n}\n', 'block differs'),
    ('examples/nap.cpp', 'int main()\n{\n    nap();\n}\n', 'there is no examples/nap.cpp:a'),
    ('examples/how-to/nap.cpp', 'doze();\n', 'block differs'),
    ('examples/doze.cpp', 'doze();\n', 'has no line in doc/reference/pages.dox'),
    ('examples/tutorial/02_doze.cpp', 'doze();\n', 'is run by no test'),
    ('examples/how-to/nap.hpp', '#pragma once\n', 'has no line in doc/reference/pages.dox'),
    ('doc/nap.md', '[there](nowhere.md)\n', 'leads nowhere'),
)


def self_test():
    """Nothing to say about a good project; the right thing about each that is bad in one place."""
    assert list(check(GOOD)) == [], list(check(GOOD))
    for path, text, complaint in BAD:
        found = [message for _, _, message in check({**GOOD, path: text})]
        assert any(complaint in message for message in found), (path, text, complaint, found)


def main():
    if sys.argv[1:] == ['--self-test']:
        return self_test()
    root = pathlib.Path(__file__).resolve().parent.parent
    files = load(root)
    if sys.argv[1:] == ['--mend']:
        for path in files:
            if path.endswith('.md') and (mended := mend_document(files, path)) != files[path]:
                (root / path).write_text(mended)
        return None
    complaints = list(check(files))
    for path, line, message in complaints:
        print(f'{path}:{line}: {message}')
    return f'{len(complaints)} to mend' if complaints else None


if __name__ == '__main__':
    sys.exit(main())
