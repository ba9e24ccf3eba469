/**
 * Life and death in the corner, as tactics.ts draws it: eye spaces of five to nine points with gaps and stones in them, filled by
 * chance; kept were those with one answer only, in the order in which they came.
 */
export const CORNERS: readonly string[] = `
. . o O X _ _ _ _
. a . O X _ _ _ _
O O O O X _ _ _ _
X X X X X _ _ _ _

. . . . X O _ _ _
x X O a X O _ _ _
O X . X O O _ _ _
O X X X O _ _ _ _
O O O O O _ _ _ _

O . . . o O X _ _
O X . O O . X _ _
O a O O X X _ _ _
O O X X X _ _ _ _
X X X _ _ _ _ _ _

. . . x O _ _ _ _
O O X X O _ _ _ _
X . X O O _ _ _ _
O X X O _ _ _ _ _
O O a O _ _ _ _ _

. a . x O _ _ _ _
. . X X O _ _ _ _
X X X . O _ _ _ _
O O O O _ _ _ _ _

X a . x O _ _ _ _
X . X X O _ _ _ _
. X X X O _ _ _ _
O X . X O _ _ _ _
O O O O O _ _ _ _

o O . O O X _ _ _
O . a . O X _ _ _
O O . O O X _ _ _
X O O O X X _ _ _
X X X X X _ _ _ _

. a . o X _ _ _ _
. O O O X _ _ _ _
O O . X X _ _ _ _
O O X _ _ _ _ _ _
X X X _ _ _ _ _ _

. X . O O O X X _
O a . . . . o X _
X O O O O O O X _
X X X X X X X X _

. . o . a X _ _ _
. . O O O X _ _ _
O O O X X X _ _ _
X X X X _ _ _ _ _

. X o O X _ _ _ _
. a . O X _ _ _ _
. . . O X _ _ _ _
. O O O X _ _ _ _
X X X X X _ _ _ _

O O . a O X _ _ _
. . o O X X _ _ _
. . O X X _ _ _ _
O O O X _ _ _ _ _
X X X X _ _ _ _ _

. . . x X O _ _ _
X O . . X O _ _ _
X a X X X O _ _ _
O X O O O O _ _ _
O O O _ _ _ _ _ _

. . x O _ _ _ _ _
a . X O _ _ _ _ _
. X X O _ _ _ _ _
X X O O _ _ _ _ _
O O . _ _ _ _ _ _

. a . x O _ _ _ _
. . X X O _ _ _ _
X X X O O _ _ _ _
O O O O _ _ _ _ _

. O a . O _ _ _ _
. . x O O _ _ _ _
X . X O _ _ _ _ _
X X X O _ _ _ _ _
O O O O _ _ _ _ _

O a . O X X _ _ _
. . . . o X _ _ _
O . . . O X _ _ _
O O O O O X _ _ _
X X X X X X _ _ _

. a . o X _ _ _ _
. . O O X _ _ _ _
O O O X X _ _ _ _
X X X . _ _ _ _ _

. a O . . X _ _ _
. . X . o X _ _ _
O O O O O X _ _ _
X X X X X X _ _ _

. a . x X O _ _ _
. . X X O O _ _ _
X X X O O _ _ _ _
O O O O _ _ _ _ _

. . x O _ _ _ _ _
a . X O _ _ _ _ _
. X X O _ _ _ _ _
X X O . _ _ _ _ _
O O O _ _ _ _ _ _

. . o X _ _ _ _ _
a . O X _ _ _ _ _
. O O X _ _ _ _ _
O O X X _ _ _ _ _
X X X _ _ _ _ _ _

. . . . o X _ _ _
X a . O O X _ _ _
O O O O X X _ _ _
X X X X . _ _ _ _

. . . O X _ _ _ _
. . . a X _ _ _ _
o . . O X _ _ _ _
O O O O X _ _ _ _
X X X X X _ _ _ _

. . a . X _ _ _ _
o O . O X _ _ _ _
X O O O X _ _ _ _
X X X X X _ _ _ _

. . x O _ _ _ _ _
a . X O _ _ _ _ _
. X X O _ _ _ _ _
X X O O _ _ _ _ _
O O O _ _ _ _ _ _

. . X a O X _ _ _
o . . O X X _ _ _
O O O O X _ _ _ _
X X X X X _ _ _ _

. . a . O X _ _ _
o O . O X . _ _ _
O O O O X _ _ _ _
X X X X X _ _ _ _

. . . X X _ _ _ _
. a o O X _ _ _ _
. X . O X _ _ _ _
O O O O X _ _ _ _
X X X X X _ _ _ _

. . . . O X _ _ _
a o O O X X _ _ _
. O O X X _ _ _ _
O O X X _ _ _ _ _
X X X _ _ _ _ _ _

. a . o O X _ _ _
. . O O . X _ _ _
O O O X X X _ _ _
X X X X _ _ _ _ _

O . . o X _ _ _ _
a X . O X _ _ _ _
. O O O X _ _ _ _
O O . X X _ _ _ _
X X X _ _ _ _ _ _

. . o O X _ _ _ _
. a . O X _ _ _ _
O . O O X _ _ _ _
O O O X X _ _ _ _
X X X X _ _ _ _ _

. . O a X _ _ _ _
. . X o X _ _ _ _
. O . O X _ _ _ _
O O O O X _ _ _ _
X X X X X _ _ _ _

X a . . x O _ _ _
O . . X X O _ _ _
. . . X O O _ _ _
X X X X O _ _ _ _
O O O O O _ _ _ _

. a o X _ _ _ _ _
. X O X _ _ _ _ _
. . O X _ _ _ _ _
O O O X _ _ _ _ _
X X X X _ _ _ _ _

. O a . o X _ _ _
. X . O O X _ _ _
. O O O X X _ _ _
O O X X X _ _ _ _
X X . _ _ _ _ _ _

. a . x . X O _ _
. . X X X O O _ _
X X X O O . _ _ _
O O O O _ _ _ _ _

. . . x O _ _ _ _
X a . X O _ _ _ _
X O . X O _ _ _ _
O X X X O _ _ _ _
O O O O O _ _ _ _

. . o X _ _ _ _ _
a . O X _ _ _ _ _
. O O X _ _ _ _ _
O O . X _ _ _ _ _
X X X _ _ _ _ _ _

O a o O X _ _ _ _
X . . O X _ _ _ _
. . O O X _ _ _ _
O O O X . _ _ _ _
X X X X _ _ _ _ _

. a . o X _ _ _ _
X X O O X _ _ _ _
. . O X . _ _ _ _
O O O X _ _ _ _ _
X X X X _ _ _ _ _

. a . x X O _ _ _
. . X X X O _ _ _
X X X . O O _ _ _
O O O O _ _ _ _ _
`
  .trim()
  .split('\n\n');
