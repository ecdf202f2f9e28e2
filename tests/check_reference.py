#!/usr/bin/env python3
"""Looks, in what Doxygen has read of the headers, for what must have a comment and has none.

    tests/check_reference.py FOLDER       of Doxygen's XML; complains as file:line: message
    tests/check_reference.py --self-test  shows that it still finds what it is there to find

A class, an enumeration, a concept and a function say what they promise. A name may say it alone
where it is that of a constructor, an operator, a type, a variable, or a member function that takes
nothing. What overrides has the comment of what it overrides, and an overload that of the first. The
calls of a kernel are the system's, whose manual tells of them.
"""

import pathlib
import sys
import xml.etree.ElementTree

COMPOUNDS = {'class', 'struct', 'union', 'concept'}


def has_comment(element):
    return any(''.join(element.find(part).itertext()).strip()
               for part in ('briefdescription', 'detaileddescription'))


def answers(function):
    """Whether it has a type: a constructor has none, nor has a guide to one."""
    return set(''.join(function.find('type').itertext()).split()) - {'constexpr', 'explicit'}


def says_it_all(function, owner):
    """Whether the name of a member function may stand alone."""
    return (function.find('param') is None
            or function.find('reimplements') is not None
            or function.findtext('argsstring').endswith(('=default', '=delete'))
            or 'Kernel' in owner)


def without_comment(compound):
    """What of a class or a namespace lacks one: its place in the source, and what it is."""
    name, kind = compound.findtext('compoundname'), compound.get('kind')
    if kind in COMPOUNDS and '<' not in name and not has_comment(compound):
        yield compound.find('location'), f'{kind} {name}'
    members = [member for member in compound.iter('memberdef') if member.get('prot') != 'private']
    told = {member.findtext('name') for member in members if has_comment(member)}
    for member in members:
        member_name = member.findtext('name')
        if member.get('kind') not in ('enum', 'function') or member_name in told:
            continue
        if member_name.startswith('operator'):
            continue
        if member.get('kind') == 'function' and not answers(member):
            continue
        if member.get('kind') == 'function' and kind != 'namespace' and says_it_all(member, name):
            continue
        yield member.find('location'), f'{member.get("kind")} {name}::{member_name}'


def complaints(roots):
    for root in roots:
        for compound in root.iter('compounddef'):
            if (compound.get('kind') in COMPOUNDS | {'namespace'}
                    and compound.get('prot') != 'private'):
                for location, what in without_comment(compound):
                    yield f'{location.get("file")}:{location.get("line")}: {what} has no comment'


def self_test():
    def function(name, comment='', arguments='<param/>', more='', returns='Coroutine *'):
        return ('<memberdef kind="function" prot="public">'
                f'<type>{returns}</type><name>{name}</name><argsstring>(...)</argsstring>'
                f'{arguments}{more}<briefdescription>{comment}</briefdescription>'
                '<detaileddescription/><location file="nap.hpp" line="7"/></memberdef>')

    def found(*members, kind='class', comment='A nap.', name='cogen::Nap'):
        text = (f'<doxygen><compounddef kind="{kind}"><compoundname>{name}</compoundname>'
                + ''.join(members) + f'<briefdescription>{comment}</briefdescription>'
                '<detaileddescription/><location file="nap.hpp" line="3"/></compounddef></doxygen>')
        return list(complaints([xml.etree.ElementTree.fromstring(text)]))

    assert found() == []
    assert found(comment='') == ['nap.hpp:3: class cogen::Nap has no comment']
    assert found(comment='', name='cogen::Nap&lt; void &gt;') == []
    assert found(function('wake')) == ['nap.hpp:7: function cogen::Nap::wake has no comment']
    assert found(function('wake', 'Ends it.'), function('wake')) == []
    assert found(function('wake', arguments='')) == []
    assert found(function('wake', more='<reimplements/>')) == []
    assert found(function('Nap', returns=''), function('operator==')) == []
    assert found(function('recv'), name='cogen::NapKernel') == []
    assert found(function('nap', arguments=''), kind='namespace', name='cogen') != []


def main():
    if sys.argv[1:] == ['--self-test']:
        return self_test()
    files = sorted(pathlib.Path(sys.argv[1]).glob('*.xml'))
    found = sorted(set(complaints(xml.etree.ElementTree.parse(file).getroot() for file in files)))
    print('\n'.join(found), end='\n' * bool(found))
    if not any(file.name.startswith('class') for file in files):
        return f'there is no reference in {sys.argv[1]}'
    return f'{len(found)} to comment' if found else None


if __name__ == '__main__':
    sys.exit(main())
