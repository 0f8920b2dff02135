import type { Endpoint } from '../http/call';
import { ANONYMIZATION_ENDPOINTS } from './anonymization';
import { APPLICATION_ENDPOINTS } from './applications';
import { AVATAR_ENDPOINTS } from './avatars';
import { CREATE_USER_ENDPOINT } from './createUser';
import { CROWD_GROUP_ENDPOINTS } from './crowd/groups';
import { CROWD_NESTING_ENDPOINTS } from './crowd/nesting';
import { CROWD_SEARCH_ENDPOINTS } from './crowd/search';
import { CROWD_USER_ENDPOINTS } from './crowd/users';
import { DUPLICATED_ENDPOINTS } from './duplicated';
import { GROUP_ENDPOINTS } from './groups';
import { MEMBER_ENDPOINTS } from './members';
import { MISC_ENDPOINTS } from './misc';
import { MYSELF_ENDPOINTS } from './myself';
import { ORGANIZATION_ENDPOINTS } from './organizations';
import { PICKER_ENDPOINT } from './picker';
import { PROJECT_ENDPOINTS } from './projects';
import { PROPERTY_ENDPOINTS } from './properties';
import { SEARCH_ENDPOINTS } from './search';
import { SESSION_ENDPOINTS } from './session';
import { USER_ENDPOINTS } from './users';

/** Everything that is simulated, of all APIs; versions and licences leave some of it out. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...MISC_ENDPOINTS,
  ...MYSELF_ENDPOINTS,
  ...SEARCH_ENDPOINTS,
  CREATE_USER_ENDPOINT,
  ...USER_ENDPOINTS,
  ...PROPERTY_ENDPOINTS,
  ...AVATAR_ENDPOINTS,
  ...DUPLICATED_ENDPOINTS,
  ...ANONYMIZATION_ENDPOINTS,
  ...GROUP_ENDPOINTS,
  ...MEMBER_ENDPOINTS,
  PICKER_ENDPOINT,
  ...APPLICATION_ENDPOINTS,
  ...PROJECT_ENDPOINTS,
  ...SESSION_ENDPOINTS,
  ...ORGANIZATION_ENDPOINTS,
  ...CROWD_USER_ENDPOINTS,
  ...CROWD_GROUP_ENDPOINTS,
  ...CROWD_NESTING_ENDPOINTS,
  ...CROWD_SEARCH_ENDPOINTS,
];
