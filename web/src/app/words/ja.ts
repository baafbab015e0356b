// Every word on the screens, in Japanese: です・ます, short, no katakana where Japanese serves. One file per feature.
import { board } from './ja/board';
import { frame } from './ja/frame';
import { guardian } from './ja/guardian';
import { office } from './ja/office';
import { problem } from './ja/problem';
import { report } from './ja/report';
import { signin } from './ja/signin';
import { staff } from './ja/staff';

export const ja = {
  ...frame,
  ...signin,
  ...problem,
  ...report,
  ...guardian,
  ...staff,
  ...office,
  ...board,
};
