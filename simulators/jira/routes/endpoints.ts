import type { Endpoint } from '../http/call';
import { APPLICATION_ENDPOINTS } from './applications';
import { CREATE_USER_ENDPOINT } from './createUser';
import { GROUP_ENDPOINTS } from './groups';
import { MEMBER_ENDPOINTS } from './members';
import { MISC_ENDPOINTS } from './misc';
import { PICKER_ENDPOINT } from './picker';
import { PROPERTY_ENDPOINTS } from './properties';
import { SEARCH_ENDPOINT } from './search';
import { USER_ENDPOINTS } from './users';

/** Everything below /rest/api/2 that is simulated. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...MISC_ENDPOINTS,
  SEARCH_ENDPOINT,
  CREATE_USER_ENDPOINT,
  ...USER_ENDPOINTS,
  ...PROPERTY_ENDPOINTS,
  ...GROUP_ENDPOINTS,
  ...MEMBER_ENDPOINTS,
  PICKER_ENDPOINT,
  ...APPLICATION_ENDPOINTS,
];
