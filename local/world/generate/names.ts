const FIRST = (
  'Ada Aisha Alejandro Amélie Ana Anders André Anjali Björn Brigid Camille Carlos Chidi Chloë Daan Daniela Dmitri Elif Emma Ewa ' +
  'Fatima François Giulia Grace Hanna Håkon Ines Ioana Jack James Jiří João José Joséphine Kavya Kenji Kwame Lars Leïla Liam Lucía ' +
  'Magnus Maria Mateo Mei Mohammed Nadia Ngozi Niamh Noah Olga Olivia Oscar Paolo Petra Priya Rachel Raúl Rosa Samuel Seán Siobhán ' +
  'Sofía Søren Thérèse Tomás Uma Viktor Wei Yusuf Zoë Zuzana'
).split(' ');

const LAST = (
  "Abadi Adeyemi Almeida Andersson Bailey Banerjee Becker Bergström Bianchi Bos Brown Castañeda Chen Cohen Costa D'Angelo Dąbrowski " +
  'Delacroix Demir Dubois Eriksen Evans Farouk Fernández Ferrari Fischer Fontaine Gagnon García Goldberg González Grant Gupta Haddad ' +
  'Hansen Hernández Horváth Hughes Ibrahim Ionescu Ivanova Jansen Jensen Johansson Jones Kaya Khan Kim Kovács Kowalski Larsen Lefèvre ' +
  "Lindqvist López Maier Martínez McCarthy Mensah Mbeki Moreau Müller Nakamura Nguyen Nowak O'Brien O'Connor Okafor Oliveira Osman " +
  "O'Sullivan Özdemir Patel Pereira Petrov Popescu Quispe Ramírez Rossi Rousseau Ruiz Santos Sato Schäfer Schmidt Silva Singh Smith " +
  'Søndergaard Suzuki Tanaka Taylor Torres Ulrich Vargas Vasquez Verhoeven Wagner Walsh Weiß Williams Wójcik Yamamoto Yılmaz Zhang ' +
  'Zimmermann'
).split(' ');

/** Names that an attacker, or an unlucky import, puts into a directory: each must come out as harmless text. */
export const HOSTILE_NAMES: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(document.domain)</script>',
  '=HYPERLINK("https://evil.example","Click")',
  '@SUM(1+1)*cmd|calc',
  '+49 30 1234567',
  '\u202Egnp.eciovni',
  'Zoe\u0000Null\u0007Bell',
  'Robert"); DROP TABLE findings;--',
  '| pipe | in | a | table |',
  '[link](javascript:alert(1))',
  'Line\r\nBreak: injected',
  'A\u0301\u0323 e\u0328 \u{1F469}\u200D\u{1F680}',
];

export interface PersonName {
  readonly first: string;
  readonly last: string;
  /** The part of a mail address before the at sign: ASCII, small, and never given twice. */
  readonly local: string;
}

/** Gives everybody a name of their own; the second John Smith is `john.smith2`. */
export function nameGiver(below: (limit: number) => number): () => PersonName {
  const given = new Map<string, number>();
  const plain = new Map([...FIRST, ...LAST].map((name) => [name, ascii(name)]));
  return () => {
    const first = FIRST[below(FIRST.length)] ?? '';
    const last = LAST[below(LAST.length)] ?? '';
    const base = `${plain.get(first)}.${plain.get(last)}`;
    const count = (given.get(base) ?? 0) + 1;
    given.set(base, count);
    return { first, last, local: count === 1 ? base : `${base}${count}` };
  };
}

const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ı: 'i', ł: 'l', æ: 'ae' };

/** User names may have apostrophes and dots but no accents (Graph, user resource). */
function ascii(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[ßøıłæ]/g, (letter) => LETTERS[letter] ?? letter)
    .replaceAll(/[^a-z'-]/g, '');
}

export const DEPARTMENTS = ['Sales', 'Engineering', 'Finance', 'Legal', 'Marketing', 'Operations', 'Support'] as const;
