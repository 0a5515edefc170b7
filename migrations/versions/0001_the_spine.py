"""The spine.

Revision: 0001, after .
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.migrate import prepare, wall_off_the_rest
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    prepare(op)
    op.create_table('backfills',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('cursor', sa.Text(), nullable=True),
    sa.Column('rows_done', sa.BigInteger(), nullable=False),
    sa.Column('organizations_done', sa.BigInteger(), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_backfills'))
    )
    op.create_index('ix_backfills_owed', 'backfills', ['next_try_at'], unique=False, postgresql_where=sa.text('finished_at IS NULL AND paused_at IS NULL'))
    op.create_table('newsletters',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('topic', sa.Enum('news', 'tips', name='topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('last_user_id', sa.BigInteger(), nullable=False),
    sa.Column('sent_count', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_newsletters'))
    )
    op.create_index('ix_newsletters_owed', 'newsletters', ['id'], unique=False, postgresql_where=sa.text('finished_at IS NULL'))
    op.create_table('organizations',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('currency', sa.String(length=3), server_default='EUR', nullable=False),
    sa.Column('plan', sa.Enum('free', 'team', 'business', 'enterprise', name='plan', native_enum=False, create_constraint=True, length=40), server_default='free', nullable=False),
    sa.Column('company_size', sa.Enum('1', '2-10', '11-50', '51-200', '201-1000', '1001+', name='companysize', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('mail_domain', sa.String(length=253), nullable=True),
    sa.Column('contact', sa.String(length=300), server_default='', nullable=False),
    sa.Column('logo', sa.String(length=32), nullable=True),
    sa.Column('cover', sa.String(length=32), nullable=True),
    sa.Column('two_factor_required', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('sso_required', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f('ck_organizations_currency_form')),
    sa.CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'", name=op.f('ck_organizations_slug_form')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organizations')),
    sa.UniqueConstraint('slug', name=op.f('uq_organizations_slug'))
    )
    op.create_table('push_keys',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('public', sa.String(length=120), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_push_keys_only')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_keys'))
    )
    op.create_table('users',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email_verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('theme', sa.Enum('system', 'light', 'dark', name='theme', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('keys', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=True),
    sa.Column('week_starts_on', sa.BigInteger(), nullable=False),
    sa.Column('job_title', sa.String(length=80), nullable=True),
    sa.Column('avatar', sa.String(length=32), nullable=True),
    sa.Column('mobile_number', sa.String(length=16), nullable=True),
    sa.Column('mobile_verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_active_on', sa.Date(), nullable=True),
    sa.Column('streak_began_on', sa.Date(), nullable=True),
    sa.Column('longest_streak', sa.BigInteger(), nullable=False),
    sa.Column('is_operator', sa.Boolean(), nullable=False),
    sa.Column('last_login_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deactivated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erase_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_users_email_lower')),
    sa.CheckConstraint('week_starts_on BETWEEN 0 AND 6', name=op.f('ck_users_week_starts_on')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email'))
    )
    op.create_index('ix_users_erase_at', 'users', ['erase_at'], unique=False, postgresql_where=sa.text('erase_at IS NOT NULL'))
    op.create_table('account_tokens',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Enum('verify_email', 'reset_password', 'restore', 'sign_in', 'second_step', 'proof', name='tokenkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_account_tokens_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_tokens_token_hash'))
    )
    op.create_index(op.f('ix_account_tokens_user_id'), 'account_tokens', ['user_id'], unique=False)
    op.create_table('authenticators',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_authenticators_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_authenticators'))
    )
    op.create_table('counters',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('series', sa.Text(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_counters_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_counters')),
    sa.UniqueConstraint('organization_id', 'series', name=op.f('uq_counters_organization_id_series'))
    )
    op.create_table('data_exports',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('stage', sa.Enum('working', 'ready', 'failed', 'gone', name='stage', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.BigInteger(), nullable=False),
    sa.Column('parts_done', sa.BigInteger(), nullable=False),
    sa.Column('parts_total', sa.BigInteger(), nullable=False),
    sa.Column('file', sa.String(length=32), nullable=True),
    sa.Column('size_bytes', sa.BigInteger(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_data_exports_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_exports'))
    )
    op.create_index('ix_data_exports_due', 'data_exports', ['due_at'], unique=False, postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_index('ix_data_exports_user_id', 'data_exports', ['user_id', 'id'], unique=False)
    op.create_index('uq_data_exports_working', 'data_exports', ['user_id'], unique=True, postgresql_where=sa.text("stage = 'working'"))
    op.create_table('documents',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('plain', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_documents_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_documents'))
    )
    op.create_table('doors',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_doors_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_doors')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_doors_kind_key'))
    )
    op.create_index(op.f('ix_doors_organization_id'), 'doors', ['organization_id'], unique=False)
    op.create_table('issue_types',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('description', sa.String(length=400), nullable=False),
    sa.Column('icon', sa.String(length=40), nullable=False),
    sa.Column('hue', sa.SmallInteger(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('hue BETWEEN 1 AND 8', name=op.f('ck_issue_types_hue')),
    sa.CheckConstraint('level BETWEEN -1 AND 1', name=op.f('ck_issue_types_level')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_issue_types_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_issue_types')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_issue_types_organization_id_name'))
    )
    op.create_table('mail_addresses',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('address = lower(address)', name=op.f('ck_mail_addresses_lower')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_mail_addresses_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_mail_addresses')),
    sa.UniqueConstraint('organization_id', 'address', name=op.f('uq_mail_addresses_organization_id_address'))
    )
    op.create_index('ix_mail_addresses_subject', 'mail_addresses', ['organization_id', 'kind', 'subject_id'], unique=False)
    op.create_table('newsletter_subscriptions',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('topic', sa.Enum('news', 'tips', name='topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_newsletter_subscriptions_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'topic', name=op.f('pk_newsletter_subscriptions'))
    )
    op.create_table('outgoing_mails',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('organization_id', sa.BigInteger(), nullable=True),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('to_address', sa.String(length=320), nullable=False),
    sa.Column('subject', sa.String(length=400), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=True),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('sender_name', sa.String(length=120), nullable=True),
    sa.Column('reply_to', sa.String(length=320), nullable=True),
    sa.Column('in_reply_to', sa.String(length=998), nullable=True),
    sa.Column('thread', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('parts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_outgoing_mails_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mails')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outgoing_mails_message_id')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_outgoing_mails_organization_id_id'))
    )
    op.create_index('ix_outgoing_mails_organization', 'outgoing_mails', ['organization_id', sa.literal_column('id DESC')], unique=False)
    op.create_index('ix_outgoing_mails_owed', 'outgoing_mails', ['next_try_at'], unique=False, postgresql_where=sa.text('sent_at IS NULL AND failed_at IS NULL'))
    op.create_table('project_tags',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('description', sa.String(length=400), nullable=False),
    sa.Column('hue', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('hue BETWEEN 1 AND 8', name=op.f('ck_project_tags_hue')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_project_tags_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_project_tags'))
    )
    op.create_index('uq_project_tags_name', 'project_tags', ['organization_id', sa.literal_column('lower(name)')], unique=True)
    op.create_table('provider_identities',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('organization_id', sa.BigInteger(), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('made_account', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_provider_identities_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_provider_identities_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_identities')),
    sa.UniqueConstraint('provider', 'issuer', 'subject', name=op.f('uq_provider_identities_provider_issuer_subject'))
    )
    op.create_index(op.f('ix_provider_identities_organization_id'), 'provider_identities', ['organization_id'], unique=False)
    op.create_index(op.f('ix_provider_identities_user_id'), 'provider_identities', ['user_id'], unique=False)
    op.create_table('queues',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=True),
    sa.Column('hue', sa.BigInteger(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('signature', sa.String(length=2000), nullable=False),
    sa.Column('acknowledges', sa.Boolean(), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{0,38}$'", name=op.f('ck_queues_slug_form')),
    sa.CheckConstraint('hue BETWEEN 1 AND 8', name=op.f('ck_queues_hue')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_queues_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_queues')),
    sa.UniqueConstraint('organization_id', 'slug', name=op.f('uq_queues_organization_id_slug'))
    )
    op.create_index('uq_queues_default', 'queues', ['organization_id'], unique=True, postgresql_where=sa.text('is_default AND archived_at IS NULL'))
    op.create_table('recovery_codes',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
    sa.UniqueConstraint('user_id', 'code_hash', name=op.f('uq_recovery_codes_user_id_code_hash'))
    )
    op.create_table('retention_archives',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('file', sa.String(length=80), nullable=False),
    sa.Column('rows', sa.BigInteger(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_retention_archives_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_retention_archives'))
    )
    op.create_index('ix_retention_archives_recent', 'retention_archives', ['organization_id', sa.literal_column('id DESC')], unique=False)
    op.create_table('retention_policies',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('retention_days', sa.BigInteger(), nullable=False),
    sa.Column('fate', sa.Enum('delete', 'anonymise', name='fate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('archive_first', sa.Boolean(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('last_run_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('retention_days BETWEEN 1 AND 36500', name=op.f('ck_retention_policies_days')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_retention_policies_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_retention_policies')),
    sa.UniqueConstraint('organization_id', 'kind', name=op.f('uq_retention_policies_organization_id_kind'))
    )
    op.create_table('roles',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('description', sa.String(length=300), nullable=False),
    sa.Column('base', sa.Enum('owner', 'admin', 'manager', 'agent', 'analyst', 'annotator', 'reviewer', 'technician', 'member', 'viewer', 'guest', 'customer', name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("base NOT IN ('owner', 'customer')", name=op.f('ck_roles_base')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_roles_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_roles')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_roles_organization_id_name'))
    )
    op.create_table('search_documents',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('audience', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('words', postgresql.TSVECTOR(), nullable=False),
    sa.Column('plain', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_search_documents_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_search_documents')),
    sa.UniqueConstraint('organization_id', 'noun', 'subject_id', name=op.f('uq_search_documents_organization_id_noun_subject_id'))
    )
    op.create_index('ix_search_documents_latest', 'search_documents', ['organization_id', 'noun', sa.literal_column('touched_at DESC')], unique=False)
    op.create_index('ix_search_documents_words', 'search_documents', ['words'], unique=False, postgresql_using='gin')
    op.create_table('security_events',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('organization_id', sa.BigInteger(), nullable=True),
    sa.Column('ip', sa.Text(), nullable=True),
    sa.Column('agent', sa.String(length=400), nullable=True),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_security_events_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_security_events_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_security_events'))
    )
    op.create_index('ix_security_events_at', 'security_events', ['at'], unique=False)
    op.create_index('ix_security_events_organization', 'security_events', ['organization_id', sa.literal_column('at DESC'), sa.literal_column('id DESC')], unique=False)
    op.create_index(op.f('ix_security_events_organization_id'), 'security_events', ['organization_id'], unique=False)
    op.create_index(op.f('ix_security_events_user_id'), 'security_events', ['user_id'], unique=False)
    op.create_table('tags',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('hue', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('hue BETWEEN 1 AND 8', name=op.f('ck_tags_hue')),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_tags_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_tags')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_tags_organization_id_name'))
    )
    op.create_table('teams',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('description', sa.String(length=2000), nullable=False),
    sa.Column('emoji', sa.String(length=16), nullable=True),
    sa.Column('hue', sa.BigInteger(), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('hue BETWEEN 1 AND 8', name=op.f('ck_teams_hue')),
    sa.CheckConstraint('parent_id <> id', name=op.f('ck_teams_parent')),
    sa.ForeignKeyConstraint(['organization_id', 'parent_id'], ['teams.organization_id', 'teams.id'], name=op.f('fk_teams_organization_id_parent_id'), ondelete='SET NULL (parent_id)'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_teams_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_teams'))
    )
    op.create_index(op.f('ix_teams_organization_id_parent_id'), 'teams', ['organization_id', 'parent_id'], unique=False)
    op.create_index('uq_teams_name', 'teams', ['organization_id', sa.literal_column('lower(name)')], unique=True, postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_table('timers',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('alarm', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=True),
    sa.Column('arguments', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('wake_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_timers_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_timers')),
    sa.UniqueConstraint('organization_id', 'key', name=op.f('uq_timers_organization_id_key'))
    )
    op.create_index('ix_timers_due', 'timers', ['wake_at'], unique=False)
    op.create_table('user_details',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_details_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_user_details'))
    )
    op.create_table('user_sessions',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('ip', sa.Text(), nullable=True),
    sa.Column('agent', sa.String(length=400), nullable=True),
    sa.Column('method', sa.Enum('password', 'link', 'provider', 'sso', name='method', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('second_factor_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reauthenticated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('organization_id', sa.BigInteger(), nullable=True),
    sa.Column('connection_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_user_sessions_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_sessions_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_user_sessions_token_hash'))
    )
    op.create_index(op.f('ix_user_sessions_organization_id'), 'user_sessions', ['organization_id'], unique=False)
    op.create_index(op.f('ix_user_sessions_user_id'), 'user_sessions', ['user_id'], unique=False)
    op.create_table('devices',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('platform', sa.Enum('desktop', 'phone', 'tablet', name='platform', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('endpoint_hash', sa.String(length=64), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failed_count', sa.BigInteger(), nullable=False),
    sa.Column('last_error', sa.String(length=300), nullable=True),
    sa.CheckConstraint('failed_count >= 0', name=op.f('ck_devices_failed_count')),
    sa.ForeignKeyConstraint(['session_id'], ['user_sessions.id'], name=op.f('fk_devices_session_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_devices_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_devices')),
    sa.UniqueConstraint('endpoint_hash', name=op.f('uq_devices_endpoint_hash'))
    )
    op.create_index(op.f('ix_devices_session_id'), 'devices', ['session_id'], unique=False)
    op.create_index(op.f('ix_devices_user_id'), 'devices', ['user_id'], unique=False)
    op.create_table('incoming_mails',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('organization_id', sa.BigInteger(), nullable=True),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('address_id', sa.BigInteger(), nullable=True),
    sa.Column('tag', sa.String(length=120), nullable=False),
    sa.Column('file', sa.String(length=32), nullable=True),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('message_id', sa.String(length=998), nullable=True),
    sa.Column('sender_name', sa.String(length=200), nullable=False),
    sa.Column('sender_address', sa.String(length=320), nullable=False),
    sa.Column('recipients', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('subject', sa.String(length=400), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fate', sa.Enum('received', 'filed', 'ignored', 'unreadable', 'unroutable', 'failed', name='fate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=True),
    sa.Column('subject_id', sa.BigInteger(), nullable=True),
    sa.Column('became', sa.String(length=120), nullable=False),
    sa.Column('wanted', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'address_id'], ['mail_addresses.organization_id', 'mail_addresses.id'], name=op.f('fk_incoming_mails_organization_id_address_id'), ondelete='SET NULL (address_id)'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_incoming_mails_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incoming_mails')),
    sa.UniqueConstraint('organization_id', 'address', 'fingerprint', name=op.f('uq_incoming_mails_organization_id_address_fingerprint')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_incoming_mails_organization_id_id'))
    )
    op.create_index('ix_incoming_mails_address_id', 'incoming_mails', ['organization_id', 'address_id'], unique=False)
    op.create_index('ix_incoming_mails_kept', 'incoming_mails', ['received_at'], unique=False)
    op.create_index('ix_incoming_mails_organization', 'incoming_mails', ['organization_id', sa.literal_column('id DESC')], unique=False)
    op.create_index('ix_incoming_mails_owed', 'incoming_mails', ['next_try_at'], unique=False, postgresql_where=sa.text("fate = 'received'"))
    op.create_table('issue_properties',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('issue_type_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('description', sa.String(length=400), nullable=False),
    sa.Column('kind', sa.Enum('text', 'number', 'date', 'choice', 'choices', 'member', 'url', 'checkbox', name='propertykind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('starts_as', sa.String(length=400), nullable=False),
    sa.Column('rank', sa.String(length=200, collation='C'), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'issue_type_id'], ['issue_types.organization_id', 'issue_types.id'], name=op.f('fk_issue_properties_organization_id_issue_type_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_issue_properties_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_issue_properties')),
    sa.UniqueConstraint('organization_id', 'issue_type_id', 'name', name=op.f('uq_issue_properties_organization_id_issue_type_id_name'))
    )
    op.create_table('mail_accounts',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('address_id', sa.BigInteger(), nullable=False),
    sa.Column('host', sa.String(length=253), nullable=False),
    sa.Column('port', sa.BigInteger(), nullable=False),
    sa.Column('security', sa.Enum('tls', 'starttls', 'none', name='security', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('username', sa.String(length=254), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('folder', sa.String(length=200), nullable=False),
    sa.Column('interval_minutes', sa.BigInteger(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('uid_validity', sa.BigInteger(), nullable=True),
    sa.Column('last_uid', sa.BigInteger(), nullable=False),
    sa.Column('unread_until', sa.BigInteger(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_success_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=500), nullable=True),
    sa.Column('fetched_count', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('interval_minutes BETWEEN 1 AND 1440', name=op.f('ck_mail_accounts_interval')),
    sa.CheckConstraint('port BETWEEN 1 AND 65535', name=op.f('ck_mail_accounts_port')),
    sa.ForeignKeyConstraint(['organization_id', 'address_id'], ['mail_addresses.organization_id', 'mail_addresses.id'], name=op.f('fk_mail_accounts_organization_id_address_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_mail_accounts_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_mail_accounts'))
    )
    op.create_index(op.f('ix_mail_accounts_organization_id_address_id'), 'mail_accounts', ['organization_id', 'address_id'], unique=False)
    op.create_table('members',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('kind', sa.Enum('person', 'customer', 'bot', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('role', sa.Enum('owner', 'admin', 'manager', 'agent', 'analyst', 'annotator', 'reviewer', 'technician', 'member', 'viewer', 'guest', 'customer', name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('custom_role_id', sa.BigInteger(), nullable=True),
    sa.Column('granted_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hue', sa.BigInteger(), nullable=False),
    sa.Column('job_title', sa.String(length=80), nullable=True),
    sa.Column('avatar', sa.String(length=32), nullable=True),
    sa.Column('availability', sa.Enum('available', 'away', 'on_leave', name='availability', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('away_until', sa.Date(), nullable=True),
    sa.Column('most_tickets', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('steps_hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('anonymised_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('most_tickets > 0', name=op.f('ck_members_most_tickets')),
    sa.ForeignKeyConstraint(['organization_id', 'custom_role_id'], ['roles.organization_id', 'roles.id'], name=op.f('fk_members_organization_id_custom_role_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_members_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_members_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_members')),
    sa.UniqueConstraint('organization_id', 'user_id', name=op.f('uq_members_organization_id_user_id'))
    )
    op.create_index('ix_members_email', 'members', ['organization_id', 'email'], unique=False)
    op.create_index('ix_members_name', 'members', ['organization_id', 'name'], unique=False)
    op.create_index(op.f('ix_members_organization_id_custom_role_id'), 'members', ['organization_id', 'custom_role_id'], unique=False)
    op.create_index('ix_members_user_id', 'members', ['user_id'], unique=False)
    op.create_table('role_permissions',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('role_id', sa.BigInteger(), nullable=False),
    sa.Column('permission', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'role_id'], ['roles.organization_id', 'roles.id'], name=op.f('fk_role_permissions_organization_id_role_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_role_permissions_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_role_permissions')),
    sa.UniqueConstraint('organization_id', 'role_id', 'permission', name=op.f('uq_role_permissions_organization_id_role_id_permission'))
    )
    op.create_table('tag_teams',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('tag_id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Enum('admin', 'member', 'guest', name='standing', native_enum=False, create_constraint=True, length=40), server_default='member', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'tag_id'], ['project_tags.organization_id', 'project_tags.id'], name=op.f('fk_tag_teams_organization_id_tag_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'team_id'], ['teams.organization_id', 'teams.id'], name=op.f('fk_tag_teams_organization_id_team_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_tag_teams_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_tag_teams')),
    sa.UniqueConstraint('organization_id', 'tag_id', 'team_id', name=op.f('uq_tag_teams_organization_id_tag_id_team_id'))
    )
    op.create_index(op.f('ix_tag_teams_organization_id_team_id'), 'tag_teams', ['organization_id', 'team_id'], unique=False)
    op.create_table('activities',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('on_behalf_of_id', sa.BigInteger(), nullable=True),
    sa.Column('verb', sa.Text(), nullable=False),
    sa.Column('noun', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('request_id', sa.Text(), nullable=True),
    sa.Column('ip', sa.Text(), nullable=True),
    sa.Column('agent', sa.Text(), nullable=True),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('dispatched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'actor_id'], ['members.organization_id', 'members.id'], name=op.f('fk_activities_organization_id_actor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'on_behalf_of_id'], ['members.organization_id', 'members.id'], name=op.f('fk_activities_organization_id_on_behalf_of_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_activities_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_activities'))
    )
    op.create_index('ix_activities_at', 'activities', ['organization_id', sa.literal_column('at DESC'), sa.literal_column('id DESC')], unique=False)
    op.create_index(op.f('ix_activities_organization_id_actor_id'), 'activities', ['organization_id', 'actor_id'], unique=False)
    op.create_index(op.f('ix_activities_organization_id_on_behalf_of_id'), 'activities', ['organization_id', 'on_behalf_of_id'], unique=False)
    op.create_index('ix_activities_owed', 'activities', ['organization_id', 'id'], unique=False, postgresql_where=sa.text('dispatched_at IS NULL'))
    op.create_index('ix_activities_stream', 'activities', ['organization_id', 'noun', 'subject_id', sa.literal_column('id DESC')], unique=False)
    op.create_table('api_keys',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('prefix', sa.String(length=16), nullable=False),
    sa.Column('scopes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_ip', sa.String(length=45), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_api_keys_organization_id_member_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_api_keys_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_api_keys'))
    )
    op.create_index(op.f('ix_api_keys_organization_id_member_id'), 'api_keys', ['organization_id', 'member_id'], unique=False)
    op.create_table('comments',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('author_id', sa.BigInteger(), nullable=True),
    sa.Column('document_id', sa.BigInteger(), nullable=False),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by_id', sa.BigInteger(), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('parent_id IS NULL OR resolved_at IS NULL', name=op.f('ck_comments_only_threads_are_resolved')),
    sa.ForeignKeyConstraint(['organization_id', 'author_id'], ['members.organization_id', 'members.id'], name=op.f('fk_comments_organization_id_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'deleted_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_comments_organization_id_deleted_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'document_id'], ['documents.organization_id', 'documents.id'], name=op.f('fk_comments_organization_id_document_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'parent_id'], ['comments.organization_id', 'comments.id'], name=op.f('fk_comments_organization_id_parent_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'resolved_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_comments_organization_id_resolved_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_comments_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_comments'))
    )
    op.create_index(op.f('ix_comments_organization_id_author_id'), 'comments', ['organization_id', 'author_id'], unique=False)
    op.create_index(op.f('ix_comments_organization_id_deleted_by_id'), 'comments', ['organization_id', 'deleted_by_id'], unique=False)
    op.create_index(op.f('ix_comments_organization_id_document_id'), 'comments', ['organization_id', 'document_id'], unique=False)
    op.create_index(op.f('ix_comments_organization_id_parent_id'), 'comments', ['organization_id', 'parent_id'], unique=False)
    op.create_index(op.f('ix_comments_organization_id_resolved_by_id'), 'comments', ['organization_id', 'resolved_by_id'], unique=False)
    op.create_index('ix_comments_subject', 'comments', ['organization_id', 'noun', 'subject_id', 'id'], unique=False)
    op.create_table('dashboards',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('description', sa.String(length=500), nullable=False),
    sa.Column('sharing', sa.Enum('private', 'organization', name='sharing', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'owner_id'], ['members.organization_id', 'members.id'], name=op.f('fk_dashboards_organization_id_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_dashboards_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_dashboards')),
    sa.UniqueConstraint('organization_id', 'number', name=op.f('uq_dashboards_organization_id_number'))
    )
    op.create_index('ix_dashboards_list', 'dashboards', ['organization_id', 'name'], unique=False, postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_index(op.f('ix_dashboards_organization_id_owner_id'), 'dashboards', ['organization_id', 'owner_id'], unique=False)
    op.create_index('ix_dashboards_recent', 'dashboards', ['organization_id', 'created_at'], unique=False)
    op.create_table('document_versions',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('document_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'author_id'], ['members.organization_id', 'members.id'], name=op.f('fk_document_versions_organization_id_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'document_id'], ['documents.organization_id', 'documents.id'], name=op.f('fk_document_versions_organization_id_document_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_document_versions_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_document_versions')),
    sa.UniqueConstraint('organization_id', 'document_id', 'number', name=op.f('uq_document_versions_organization_id_document_id_number'))
    )
    op.create_index(op.f('ix_document_versions_organization_id_author_id'), 'document_versions', ['organization_id', 'author_id'], unique=False)
    op.create_table('drafts',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('fields', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_drafts_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_drafts_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_drafts')),
    sa.UniqueConstraint('organization_id', 'member_id', 'key', name=op.f('uq_drafts_organization_id_member_id_key'))
    )
    op.create_index('ix_drafts_updated', 'drafts', ['organization_id', 'updated_at'], unique=False)
    op.create_table('favourites',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=True),
    sa.Column('subject_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=True),
    sa.Column('folder_id', sa.BigInteger(), nullable=True),
    sa.Column('rank', sa.String(length=400, collation='C'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(noun IS NULL) <> (name IS NULL)', name=op.f('ck_favourites_folder_or_thing')),
    sa.CheckConstraint('(noun IS NULL) = (subject_id IS NULL)', name=op.f('ck_favourites_whole')),
    sa.CheckConstraint('noun IS NOT NULL OR folder_id IS NULL', name=op.f('ck_favourites_no_folder_in_a_folder')),
    sa.ForeignKeyConstraint(['organization_id', 'folder_id'], ['favourites.organization_id', 'favourites.id'], name=op.f('fk_favourites_organization_id_folder_id'), ondelete='SET NULL (folder_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_favourites_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_favourites_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_favourites')),
    sa.UniqueConstraint('organization_id', 'member_id', 'noun', 'subject_id', name=op.f('uq_favourites_organization_id_member_id_noun_subject_id'))
    )
    op.create_index(op.f('ix_favourites_organization_id_folder_id'), 'favourites', ['organization_id', 'folder_id'], unique=False)
    op.create_table('invitations',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('role', sa.Enum('owner', 'admin', 'manager', 'agent', 'analyst', 'annotator', 'reviewer', 'technician', 'member', 'viewer', 'guest', 'customer', name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('custom_role_id', sa.BigInteger(), nullable=True),
    sa.Column('invited_by_id', sa.BigInteger(), nullable=False),
    sa.Column('uses', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('max_uses', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(length=500), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('uses <= max_uses', name=op.f('ck_invitations_uses')),
    sa.ForeignKeyConstraint(['organization_id', 'custom_role_id'], ['roles.organization_id', 'roles.id'], name=op.f('fk_invitations_organization_id_custom_role_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'invited_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_invitations_organization_id_invited_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_invitations_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_invitations'))
    )
    op.create_index(op.f('ix_invitations_organization_id_custom_role_id'), 'invitations', ['organization_id', 'custom_role_id'], unique=False)
    op.create_index(op.f('ix_invitations_organization_id_invited_by_id'), 'invitations', ['organization_id', 'invited_by_id'], unique=False)
    op.create_table('links',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('other_noun', sa.String(length=40), nullable=False),
    sa.Column('other_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Enum('relates', 'escalated', name='linkkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('noun <> other_noun OR subject_id <> other_id', name=op.f('ck_links_not_itself')),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_links_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_links_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_links')),
    sa.UniqueConstraint('organization_id', 'noun', 'subject_id', 'other_noun', 'other_id', 'kind', name=op.f('uq_links_organization_id_noun_subject_id_other_noun_other_id_kind'))
    )
    op.create_index(op.f('ix_links_organization_id_created_by_id'), 'links', ['organization_id', 'created_by_id'], unique=False)
    op.create_index('ix_links_other', 'links', ['organization_id', 'other_noun', 'other_id'], unique=False)
    op.create_table('member_certifications',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_member_certifications_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_member_certifications_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_member_certifications')),
    sa.UniqueConstraint('organization_id', 'member_id', 'name', name=op.f('uq_member_certifications_organization_id_member_id_name'))
    )
    op.create_table('member_skills',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('level', sa.Enum('learning', 'able', 'expert', name='level', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_member_skills_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_member_skills_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_member_skills')),
    sa.UniqueConstraint('organization_id', 'member_id', 'name', name=op.f('uq_member_skills_organization_id_member_id_name'))
    )
    op.create_index('ix_member_skills_name', 'member_skills', ['organization_id', 'name'], unique=False)
    op.create_table('notification_preferences',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.Enum('inbox', 'mail', 'push', 'sms', name='channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_notification_preferences_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_notification_preferences_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_notification_preferences')),
    sa.UniqueConstraint('organization_id', 'member_id', 'kind', 'channel', name=op.f('uq_notification_preferences_organization_id_member_id_kind_channel'))
    )
    op.create_table('notification_settings',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('mail', sa.Enum('soon', 'daily', 'weekly', 'never', name='mailrhythm', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('digest_time', sa.Time(), nullable=False),
    sa.Column('digest_weekday', sa.BigInteger(), nullable=False),
    sa.Column('quiet_from', sa.Time(), nullable=True),
    sa.Column('quiet_until', sa.Time(), nullable=True),
    sa.Column('quiet_days', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('(quiet_from IS NULL) = (quiet_until IS NULL)', name=op.f('ck_notification_settings_quiet')),
    sa.CheckConstraint('digest_weekday BETWEEN 0 AND 6', name=op.f('ck_notification_settings_digest_weekday')),
    sa.CheckConstraint('quiet_days BETWEEN 0 AND 127', name=op.f('ck_notification_settings_quiet_days')),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_notification_settings_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_notification_settings_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_notification_settings')),
    sa.UniqueConstraint('organization_id', 'member_id', name=op.f('uq_notification_settings_organization_id_member_id'))
    )
    op.create_table('operator_visits',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('ends_at > began_at', name=op.f('ck_operator_visits_lasts')),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_operator_visits_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_operator_visits_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_operator_visits_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_operator_visits'))
    )
    op.create_index('ix_operator_visits_open', 'operator_visits', ['organization_id', 'user_id'], unique=False, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index(op.f('ix_operator_visits_organization_id_member_id'), 'operator_visits', ['organization_id', 'member_id'], unique=False)
    op.create_index('ix_operator_visits_user_id', 'operator_visits', ['user_id'], unique=False)
    op.create_table('permission_grants',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('permission', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('granted_by_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('expires_at > created_at', name=op.f('ck_permission_grants_lasts')),
    sa.ForeignKeyConstraint(['organization_id', 'granted_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_permission_grants_organization_id_granted_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_permission_grants_organization_id_member_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_permission_grants_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_permission_grants'))
    )
    op.create_index('ix_permission_grants_member', 'permission_grants', ['organization_id', 'member_id', 'expires_at'], unique=False)
    op.create_index(op.f('ix_permission_grants_organization_id_granted_by_id'), 'permission_grants', ['organization_id', 'granted_by_id'], unique=False)
    op.create_table('project_defaults',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('assignee_id', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'assignee_id'], ['members.organization_id', 'members.id'], name=op.f('fk_project_defaults_organization_id_assignee_id'), ondelete='SET NULL (assignee_id)'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_project_defaults_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_project_defaults')),
    sa.UniqueConstraint('organization_id', name=op.f('uq_project_defaults_organization_id'))
    )
    op.create_index(op.f('ix_project_defaults_organization_id_assignee_id'), 'project_defaults', ['organization_id', 'assignee_id'], unique=False)
    op.create_table('project_groups',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('description', sa.String(length=400), nullable=False),
    sa.Column('rank', sa.String(length=200, collation='C'), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_project_groups_organization_id_created_by_id'), ondelete='SET NULL (created_by_id)'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_project_groups_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_project_groups')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_project_groups_organization_id_name'))
    )
    op.create_index(op.f('ix_project_groups_organization_id_created_by_id'), 'project_groups', ['organization_id', 'created_by_id'], unique=False)
    op.create_table('project_templates',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('description', sa.String(length=400), nullable=False),
    sa.Column('shape', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('uses', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_project_templates_organization_id_created_by_id'), ondelete='SET NULL (created_by_id)'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_project_templates_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_project_templates')),
    sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_project_templates_organization_id_name'))
    )
    op.create_index(op.f('ix_project_templates_organization_id_created_by_id'), 'project_templates', ['organization_id', 'created_by_id'], unique=False)
    op.create_table('property_options',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('property_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('hue', sa.SmallInteger(), nullable=False),
    sa.Column('rank', sa.String(length=200, collation='C'), nullable=False),
    sa.CheckConstraint('hue BETWEEN 1 AND 8', name=op.f('ck_property_options_hue')),
    sa.ForeignKeyConstraint(['organization_id', 'property_id'], ['issue_properties.organization_id', 'issue_properties.id'], name=op.f('fk_property_options_organization_id_property_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_property_options_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_property_options')),
    sa.UniqueConstraint('organization_id', 'property_id', 'name', name=op.f('uq_property_options_organization_id_property_id_name'))
    )
    op.create_table('sources',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('description', sa.String(length=500), nullable=False),
    sa.Column('kind', sa.Enum('csv', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('status', sa.Enum('pending', 'ready', 'failed', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('columns', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('row_count', sa.BigInteger(), nullable=False),
    sa.Column('refused_count', sa.BigInteger(), nullable=False),
    sa.Column('data_file', sa.String(length=32), nullable=True),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_refreshed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_sources_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_sources_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_sources')),
    sa.UniqueConstraint('organization_id', 'number', name=op.f('uq_sources_organization_id_number'))
    )
    op.create_index('ix_sources_list', 'sources', ['organization_id', 'name'], unique=False, postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_index(op.f('ix_sources_organization_id_created_by_id'), 'sources', ['organization_id', 'created_by_id'], unique=False)
    op.create_table('sso_connections',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('client_id', sa.String(length=300), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('enabled', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('makes_members', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_sso_connections_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_sso_connections_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_sso_connections'))
    )
    op.create_index(op.f('ix_sso_connections_organization_id_created_by_id'), 'sso_connections', ['organization_id', 'created_by_id'], unique=False)
    op.create_table('team_members',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Enum('manager', 'member', name='teamrole', native_enum=False, create_constraint=True, length=40), server_default='member', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_team_members_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'team_id'], ['teams.organization_id', 'teams.id'], name=op.f('fk_team_members_organization_id_team_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_team_members_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_team_members')),
    sa.UniqueConstraint('organization_id', 'team_id', 'member_id', name=op.f('uq_team_members_organization_id_team_id_member_id'))
    )
    op.create_index(op.f('ix_team_members_organization_id_member_id'), 'team_members', ['organization_id', 'member_id'], unique=False)
    op.create_table('tickets',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('queue_id', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('status', sa.Enum('new', 'open', 'pending', 'on_hold', 'resolved', 'closed', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('priority', sa.Enum('low', 'normal', 'high', 'urgent', name='priority', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('channel', sa.Enum('email', 'portal', 'web', 'phone', 'api', name='channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('source', sa.String(length=254), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('subcategory', sa.String(length=60), nullable=False),
    sa.Column('customer_id', sa.BigInteger(), nullable=False),
    sa.Column('assigned_agent_id', sa.BigInteger(), nullable=True),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.Column('related_ticket_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_message_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_customer_message_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_response_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'assigned_agent_id'], ['members.organization_id', 'members.id'], name=op.f('fk_tickets_organization_id_assigned_agent_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_tickets_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'customer_id'], ['members.organization_id', 'members.id'], name=op.f('fk_tickets_organization_id_customer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'queue_id'], ['queues.organization_id', 'queues.id'], name=op.f('fk_tickets_organization_id_queue_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'related_ticket_id'], ['tickets.organization_id', 'tickets.id'], name=op.f('fk_tickets_organization_id_related_ticket_id'), ondelete='SET NULL (related_ticket_id)'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_tickets_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('organization_id', 'number', name=op.f('uq_tickets_organization_id_number'))
    )
    op.create_index('ix_tickets_agent', 'tickets', ['organization_id', 'assigned_agent_id', 'last_message_at', 'id'], unique=False)
    op.create_index('ix_tickets_created', 'tickets', ['organization_id', 'created_at'], unique=False)
    op.create_index('ix_tickets_customer', 'tickets', ['organization_id', 'customer_id', 'last_message_at', 'id'], unique=False)
    op.create_index(op.f('ix_tickets_organization_id_created_by_id'), 'tickets', ['organization_id', 'created_by_id'], unique=False)
    op.create_index(op.f('ix_tickets_organization_id_related_ticket_id'), 'tickets', ['organization_id', 'related_ticket_id'], unique=False)
    op.create_index('ix_tickets_priority', 'tickets', ['organization_id', 'priority'], unique=False)
    op.create_index('ix_tickets_queue', 'tickets', ['organization_id', 'queue_id', 'last_message_at', 'id'], unique=False)
    op.create_index('ix_tickets_recent', 'tickets', ['organization_id', 'last_message_at', 'id'], unique=False)
    op.create_index('ix_tickets_status', 'tickets', ['organization_id', 'status', 'last_message_at', 'id'], unique=False)
    op.create_table('visits',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('visited_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_visits_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_visits_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_visits')),
    sa.UniqueConstraint('organization_id', 'member_id', 'noun', 'subject_id', name=op.f('uq_visits_organization_id_member_id_noun_subject_id'))
    )
    op.create_index('ix_visits_latest', 'visits', ['organization_id', 'member_id', sa.literal_column('visited_at DESC')], unique=False)
    op.create_table('watchers',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('muted', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_watchers_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_watchers_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_watchers')),
    sa.UniqueConstraint('organization_id', 'noun', 'subject_id', 'member_id', name=op.f('uq_watchers_organization_id_noun_subject_id_member_id'))
    )
    op.create_index(op.f('ix_watchers_organization_id_member_id'), 'watchers', ['organization_id', 'member_id'], unique=False)
    op.create_table('workspaces',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('description', sa.String(length=2000), nullable=False),
    sa.Column('emoji', sa.String(length=16), nullable=True),
    sa.Column('hue', sa.BigInteger(), nullable=False),
    sa.Column('access', sa.Enum('public', 'private', 'personal', name='access', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('inherits', sa.Boolean(), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(access = 'personal') = (owner_id IS NOT NULL)", name=op.f('ck_workspaces_owner')),
    sa.CheckConstraint('hue BETWEEN 1 AND 8', name=op.f('ck_workspaces_hue')),
    sa.ForeignKeyConstraint(['organization_id', 'owner_id'], ['members.organization_id', 'members.id'], name=op.f('fk_workspaces_organization_id_owner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_workspaces_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_workspaces'))
    )
    op.create_index(op.f('ix_workspaces_organization_id_owner_id'), 'workspaces', ['organization_id', 'owner_id'], unique=False)
    op.create_index('uq_workspaces_name', 'workspaces', ['organization_id', sa.literal_column('lower(name)')], unique=True, postgresql_where=sa.text("deleted_at IS NULL AND access <> 'personal'"))
    op.create_index('uq_workspaces_personal', 'workspaces', ['organization_id', 'owner_id'], unique=True, postgresql_where=sa.text("deleted_at IS NULL AND access = 'personal'"))
    op.create_table('attachments',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('comment_id', sa.BigInteger(), nullable=True),
    sa.Column('uploaded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('file', sa.String(length=32), nullable=False),
    sa.Column('preview', sa.String(length=32), nullable=True),
    sa.Column('preview_width', sa.BigInteger(), nullable=True),
    sa.Column('preview_height', sa.BigInteger(), nullable=True),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('download_count', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('(preview IS NULL) = (preview_width IS NULL) AND (preview IS NULL) = (preview_height IS NULL)', name=op.f('ck_attachments_preview_is_whole')),
    sa.CheckConstraint('comment_id IS NULL OR attached_at IS NOT NULL', name=op.f('ck_attachments_with_a_comment_is_attached')),
    sa.CheckConstraint('size_bytes > 0', name=op.f('ck_attachments_not_empty')),
    sa.ForeignKeyConstraint(['organization_id', 'comment_id'], ['comments.organization_id', 'comments.id'], name=op.f('fk_attachments_organization_id_comment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'deleted_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_attachments_organization_id_deleted_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'uploaded_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_attachments_organization_id_uploaded_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_attachments_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_attachments'))
    )
    op.create_index('ix_attachments_deleted', 'attachments', ['organization_id', 'deleted_at'], unique=False, postgresql_where=sa.text('deleted_at IS NOT NULL'))
    op.create_index(op.f('ix_attachments_organization_id_comment_id'), 'attachments', ['organization_id', 'comment_id'], unique=False)
    op.create_index(op.f('ix_attachments_organization_id_deleted_by_id'), 'attachments', ['organization_id', 'deleted_by_id'], unique=False)
    op.create_index(op.f('ix_attachments_organization_id_uploaded_by_id'), 'attachments', ['organization_id', 'uploaded_by_id'], unique=False)
    op.create_index('ix_attachments_subject', 'attachments', ['organization_id', 'noun', 'subject_id', 'id'], unique=False)
    op.create_index('ix_attachments_waiting', 'attachments', ['organization_id', 'created_at'], unique=False, postgresql_where=sa.text('attached_at IS NULL'))
    op.create_table('changes',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('activity_id', sa.BigInteger(), nullable=False),
    sa.Column('noun', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('fields', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'activity_id'], ['activities.organization_id', 'activities.id'], name=op.f('fk_changes_organization_id_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_changes_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_changes'))
    )
    op.create_index('ix_changes_noun', 'changes', ['organization_id', 'noun', 'subject_id', sa.literal_column('id DESC')], unique=False)
    op.create_index(op.f('ix_changes_organization_id_activity_id'), 'changes', ['organization_id', 'activity_id'], unique=False)
    op.create_table('dashboard_shares',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('dashboard_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('permission', sa.Enum('view', 'edit', name='permission', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('shared_by_id', sa.BigInteger(), nullable=False),
    sa.Column('shared_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'dashboard_id'], ['dashboards.organization_id', 'dashboards.id'], name=op.f('fk_dashboard_shares_organization_id_dashboard_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_dashboard_shares_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'shared_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_dashboard_shares_organization_id_shared_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_dashboard_shares_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_dashboard_shares')),
    sa.UniqueConstraint('organization_id', 'dashboard_id', 'member_id', name=op.f('uq_dashboard_shares_organization_id_dashboard_id_member_id'))
    )
    op.create_index(op.f('ix_dashboard_shares_organization_id_member_id'), 'dashboard_shares', ['organization_id', 'member_id'], unique=False)
    op.create_index(op.f('ix_dashboard_shares_organization_id_shared_by_id'), 'dashboard_shares', ['organization_id', 'shared_by_id'], unique=False)
    op.create_table('invitation_grants',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('invitation_id', sa.BigInteger(), nullable=False),
    sa.Column('permission', sa.String(length=80), nullable=False),
    sa.Column('days', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('days > 0', name=op.f('ck_invitation_grants_days')),
    sa.ForeignKeyConstraint(['organization_id', 'invitation_id'], ['invitations.organization_id', 'invitations.id'], name=op.f('fk_invitation_grants_organization_id_invitation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_invitation_grants_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_invitation_grants')),
    sa.UniqueConstraint('organization_id', 'invitation_id', 'permission', name=op.f('uq_invitation_grants_organization_id_invitation_id_permission'))
    )
    op.create_table('invitation_teams',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('invitation_id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Enum('manager', 'member', name='teamrole', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'invitation_id'], ['invitations.organization_id', 'invitations.id'], name=op.f('fk_invitation_teams_organization_id_invitation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'team_id'], ['teams.organization_id', 'teams.id'], name=op.f('fk_invitation_teams_organization_id_team_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_invitation_teams_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_invitation_teams')),
    sa.UniqueConstraint('organization_id', 'invitation_id', 'team_id', name=op.f('uq_invitation_teams_organization_id_invitation_id_team_id'))
    )
    op.create_index(op.f('ix_invitation_teams_organization_id_team_id'), 'invitation_teams', ['organization_id', 'team_id'], unique=False)
    op.create_table('invitation_workspaces',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('invitation_id', sa.BigInteger(), nullable=False),
    sa.Column('workspace_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Enum('admin', 'member', 'guest', name='standing', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'invitation_id'], ['invitations.organization_id', 'invitations.id'], name=op.f('fk_invitation_workspaces_organization_id_invitation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'workspace_id'], ['workspaces.organization_id', 'workspaces.id'], name=op.f('fk_invitation_workspaces_organization_id_workspace_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_invitation_workspaces_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_invitation_workspaces')),
    sa.UniqueConstraint('organization_id', 'invitation_id', 'workspace_id', name=op.f('uq_invitation_workspaces_organization_id_invitation_id_workspace_id'))
    )
    op.create_index(op.f('ix_invitation_workspaces_organization_id_workspace_id'), 'invitation_workspaces', ['organization_id', 'workspace_id'], unique=False)
    op.create_table('mail_replies',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('message_hash', sa.String(length=64), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('comment_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'comment_id'], ['comments.organization_id', 'comments.id'], name=op.f('fk_mail_replies_organization_id_comment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_mail_replies_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_mail_replies_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_mail_replies')),
    sa.UniqueConstraint('organization_id', 'message_hash', name=op.f('uq_mail_replies_organization_id_message_hash'))
    )
    op.create_index(op.f('ix_mail_replies_organization_id_comment_id'), 'mail_replies', ['organization_id', 'comment_id'], unique=False)
    op.create_index(op.f('ix_mail_replies_organization_id_member_id'), 'mail_replies', ['organization_id', 'member_id'], unique=False)
    op.create_table('notifications',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('activity_id', sa.BigInteger(), nullable=False),
    sa.Column('noun', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Enum('assigned', 'mentioned', 'watching', name='reason', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('snoozed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('nudged_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('count > 0', name=op.f('ck_notifications_count')),
    sa.CheckConstraint('snoozed_until IS NULL OR archived_at IS NULL', name=op.f('ck_notifications_place')),
    sa.ForeignKeyConstraint(['organization_id', 'activity_id'], ['activities.organization_id', 'activities.id'], name=op.f('fk_notifications_organization_id_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_notifications_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_notifications_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_notifications')),
    sa.UniqueConstraint('organization_id', 'activity_id', 'member_id', name=op.f('uq_notifications_organization_id_activity_id_member_id'))
    )
    op.create_index('ix_notifications_inbox', 'notifications', ['organization_id', 'member_id', sa.literal_column('arrived_at DESC'), sa.literal_column('id DESC')], unique=False)
    op.create_index(op.f('ix_notifications_organization_id_activity_id'), 'notifications', ['organization_id', 'activity_id'], unique=False)
    op.create_index('ix_notifications_unmailed', 'notifications', ['organization_id', 'member_id'], unique=False, postgresql_where=sa.text('mailed_at IS NULL'))
    op.create_index('ix_notifications_unread', 'notifications', ['organization_id', 'member_id'], unique=False, postgresql_where=sa.text('read_at IS NULL AND archived_at IS NULL AND snoozed_until IS NULL'))
    op.create_table('projects',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('identifier', sa.String(length=10), nullable=False),
    sa.Column('description', sa.String(length=2000), nullable=False),
    sa.Column('emoji', sa.String(length=16), nullable=True),
    sa.Column('lead_id', sa.BigInteger(), nullable=True),
    sa.Column('default_assignee_id', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.Enum('active', 'on_hold', 'completed', 'archived', name='projectstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('start_date', sa.Date(), nullable=True),
    sa.Column('due_date', sa.Date(), nullable=True),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('features_off', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('estimated_in', sa.Enum('points', 'categories', 'time', name='estimatekind', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('group_id', sa.BigInteger(), nullable=True),
    sa.Column('template_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('workspace_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("identifier ~ '^[A-Z][A-Z0-9]{0,9}$'", name=op.f('ck_projects_identifier_form')),
    sa.CheckConstraint('start_date <= due_date', name=op.f('ck_projects_dates')),
    sa.ForeignKeyConstraint(['organization_id', 'default_assignee_id'], ['members.organization_id', 'members.id'], name=op.f('fk_projects_organization_id_default_assignee_id'), ondelete='SET NULL (default_assignee_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'group_id'], ['project_groups.organization_id', 'project_groups.id'], name=op.f('fk_projects_organization_id_group_id'), ondelete='SET NULL (group_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'lead_id'], ['members.organization_id', 'members.id'], name=op.f('fk_projects_organization_id_lead_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'template_id'], ['project_templates.organization_id', 'project_templates.id'], name=op.f('fk_projects_organization_id_template_id'), ondelete='SET NULL (template_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'workspace_id'], ['workspaces.organization_id', 'workspaces.id'], name=op.f('fk_projects_organization_id_workspace_id'), ondelete='SET NULL (workspace_id)'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_projects_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_projects')),
    sa.UniqueConstraint('organization_id', 'identifier', name=op.f('uq_projects_organization_id_identifier'))
    )
    op.create_index(op.f('ix_projects_organization_id_default_assignee_id'), 'projects', ['organization_id', 'default_assignee_id'], unique=False)
    op.create_index(op.f('ix_projects_organization_id_group_id'), 'projects', ['organization_id', 'group_id'], unique=False)
    op.create_index(op.f('ix_projects_organization_id_lead_id'), 'projects', ['organization_id', 'lead_id'], unique=False)
    op.create_index(op.f('ix_projects_organization_id_template_id'), 'projects', ['organization_id', 'template_id'], unique=False)
    op.create_index(op.f('ix_projects_organization_id_workspace_id'), 'projects', ['organization_id', 'workspace_id'], unique=False)
    op.create_table('questions',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('description', sa.String(length=500), nullable=False),
    sa.Column('ask', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('chart', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('source_id', sa.BigInteger(), nullable=True),
    sa.Column('dataset', sa.String(length=40), nullable=True),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(source_id IS NULL) <> (dataset IS NULL)', name=op.f('ck_questions_one_table')),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_questions_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'source_id'], ['sources.organization_id', 'sources.id'], name=op.f('fk_questions_organization_id_source_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_questions_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_questions')),
    sa.UniqueConstraint('organization_id', 'number', name=op.f('uq_questions_organization_id_number'))
    )
    op.create_index('ix_questions_list', 'questions', ['organization_id', 'name'], unique=False, postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_index(op.f('ix_questions_organization_id_created_by_id'), 'questions', ['organization_id', 'created_by_id'], unique=False)
    op.create_index(op.f('ix_questions_organization_id_source_id'), 'questions', ['organization_id', 'source_id'], unique=False)
    op.create_table('reactions',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('comment_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('emoji', sa.Enum('thumbs_up', 'thumbs_down', 'smile', 'party', 'heart', 'rocket', 'eyes', 'puzzled', name='emoji', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'comment_id'], ['comments.organization_id', 'comments.id'], name=op.f('fk_reactions_organization_id_comment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_reactions_organization_id_member_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_reactions_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_reactions')),
    sa.UniqueConstraint('organization_id', 'comment_id', 'member_id', 'emoji', name=op.f('uq_reactions_organization_id_comment_id_member_id_emoji'))
    )
    op.create_index(op.f('ix_reactions_organization_id_member_id'), 'reactions', ['organization_id', 'member_id'], unique=False)
    op.create_table('receipts',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('activity_id', sa.BigInteger(), nullable=False),
    sa.Column('consumer', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'activity_id'], ['activities.organization_id', 'activities.id'], name=op.f('fk_receipts_organization_id_activity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'activity_id', 'consumer', name=op.f('pk_receipts'))
    )
    op.create_table('reports',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('dashboard_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('schedule', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('format', sa.Enum('pdf', 'mail', name='format', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_reports_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'dashboard_id'], ['dashboards.organization_id', 'dashboards.id'], name=op.f('fk_reports_organization_id_dashboard_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_reports_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_reports')),
    sa.UniqueConstraint('organization_id', 'number', name=op.f('uq_reports_organization_id_number'))
    )
    op.create_index('ix_reports_enabled', 'reports', ['organization_id', 'enabled'], unique=False, postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_index(op.f('ix_reports_organization_id_created_by_id'), 'reports', ['organization_id', 'created_by_id'], unique=False)
    op.create_index(op.f('ix_reports_organization_id_dashboard_id'), 'reports', ['organization_id', 'dashboard_id'], unique=False)
    op.create_table('source_files',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('source_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('stage', sa.Enum('typing', 'loading', 'done', 'failed', 'cancelled', name='stage', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('file', sa.String(length=32), nullable=True),
    sa.Column('clean_file', sa.String(length=32), nullable=True),
    sa.Column('clean_bytes', sa.BigInteger(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('encoding', sa.String(length=40), nullable=False),
    sa.Column('delimiter', sa.String(length=1), nullable=False),
    sa.Column('columns', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('sample', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('rows_done', sa.BigInteger(), nullable=False),
    sa.Column('bytes_done', sa.BigInteger(), nullable=False),
    sa.Column('rows_refused', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_source_files_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'source_id'], ['sources.organization_id', 'sources.id'], name=op.f('fk_source_files_organization_id_source_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_source_files_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_source_files')),
    sa.UniqueConstraint('organization_id', 'source_id', 'number', name=op.f('uq_source_files_organization_id_source_id_number'))
    )
    op.create_index(op.f('ix_source_files_organization_id_created_by_id'), 'source_files', ['organization_id', 'created_by_id'], unique=False)
    op.create_table('sso_domains',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('connection_id', sa.BigInteger(), nullable=False),
    sa.Column('domain', sa.String(length=253), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'connection_id'], ['sso_connections.organization_id', 'sso_connections.id'], name=op.f('fk_sso_domains_organization_id_connection_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_sso_domains_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_sso_domains')),
    sa.UniqueConstraint('organization_id', 'domain', name=op.f('uq_sso_domains_organization_id_domain'))
    )
    op.create_index(op.f('ix_sso_domains_organization_id_connection_id'), 'sso_domains', ['organization_id', 'connection_id'], unique=False)
    op.create_table('ticket_messages',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('comment_id', sa.BigInteger(), nullable=False),
    sa.Column('direction', sa.Enum('in', 'out', name='direction', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('from_name', sa.String(length=200), nullable=False),
    sa.Column('from_address', sa.String(length=254), nullable=False),
    sa.Column('to_addresses', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('message_id', sa.String(length=998), nullable=True),
    sa.Column('in_reply_to', sa.String(length=998), nullable=True),
    sa.Column('references', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('incoming_mail_id', sa.BigInteger(), nullable=True),
    sa.Column('outgoing_mail_id', sa.BigInteger(), nullable=True),
    sa.Column('html_source', sa.Text(), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(length=500), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'comment_id'], ['comments.organization_id', 'comments.id'], name=op.f('fk_ticket_messages_organization_id_comment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'incoming_mail_id'], ['incoming_mails.organization_id', 'incoming_mails.id'], name=op.f('fk_ticket_messages_organization_id_incoming_mail_id'), ondelete='SET NULL (incoming_mail_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'outgoing_mail_id'], ['outgoing_mails.organization_id', 'outgoing_mails.id'], name=op.f('fk_ticket_messages_organization_id_outgoing_mail_id'), ondelete='SET NULL (outgoing_mail_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'ticket_id'], ['tickets.organization_id', 'tickets.id'], name=op.f('fk_ticket_messages_organization_id_ticket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_ticket_messages_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_ticket_messages')),
    sa.UniqueConstraint('organization_id', 'comment_id', name=op.f('uq_ticket_messages_organization_id_comment_id'))
    )
    op.create_index('ix_ticket_messages_message', 'ticket_messages', ['organization_id', 'message_id'], unique=False)
    op.create_index(op.f('ix_ticket_messages_organization_id_incoming_mail_id'), 'ticket_messages', ['organization_id', 'incoming_mail_id'], unique=False)
    op.create_index(op.f('ix_ticket_messages_organization_id_outgoing_mail_id'), 'ticket_messages', ['organization_id', 'outgoing_mail_id'], unique=False)
    op.create_index('ix_ticket_messages_ticket', 'ticket_messages', ['organization_id', 'ticket_id', 'id'], unique=False)
    op.create_table('ticket_participants',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_ticket_participants_organization_id_member_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'ticket_id'], ['tickets.organization_id', 'tickets.id'], name=op.f('fk_ticket_participants_organization_id_ticket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_ticket_participants_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_ticket_participants')),
    sa.UniqueConstraint('organization_id', 'ticket_id', 'member_id', name=op.f('uq_ticket_participants_organization_id_ticket_id_member_id'))
    )
    op.create_index(op.f('ix_ticket_participants_organization_id_member_id'), 'ticket_participants', ['organization_id', 'member_id'], unique=False)
    op.create_table('ticket_tags',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('ticket_id', sa.BigInteger(), nullable=False),
    sa.Column('tag_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'tag_id'], ['tags.organization_id', 'tags.id'], name=op.f('fk_ticket_tags_organization_id_tag_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'ticket_id'], ['tickets.organization_id', 'tickets.id'], name=op.f('fk_ticket_tags_organization_id_ticket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_ticket_tags_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_ticket_tags')),
    sa.UniqueConstraint('organization_id', 'ticket_id', 'tag_id', name=op.f('uq_ticket_tags_organization_id_ticket_id_tag_id'))
    )
    op.create_index(op.f('ix_ticket_tags_organization_id_tag_id'), 'ticket_tags', ['organization_id', 'tag_id'], unique=False)
    op.create_table('workspace_members',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('workspace_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Enum('admin', 'member', 'guest', name='standing', native_enum=False, create_constraint=True, length=40), server_default='member', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_workspace_members_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'workspace_id'], ['workspaces.organization_id', 'workspaces.id'], name=op.f('fk_workspace_members_organization_id_workspace_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_workspace_members_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_workspace_members')),
    sa.UniqueConstraint('organization_id', 'workspace_id', 'member_id', name=op.f('uq_workspace_members_organization_id_workspace_id_member_id'))
    )
    op.create_index(op.f('ix_workspace_members_organization_id_member_id'), 'workspace_members', ['organization_id', 'member_id'], unique=False)
    op.create_table('estimates',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.Enum('points', 'categories', 'time', name='estimatekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('is_used', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_estimates_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_estimates_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_estimates'))
    )
    op.create_index(op.f('ix_estimates_organization_id_project_id'), 'estimates', ['organization_id', 'project_id'], unique=False)
    op.create_index('uq_estimates_used', 'estimates', ['organization_id', 'project_id'], unique=True, postgresql_where=sa.text('is_used'))
    op.create_table('imports',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Enum('mapping', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('file', sa.String(length=100), nullable=True),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('encoding', sa.String(length=40), nullable=False),
    sa.Column('delimiter', sa.String(length=1), nullable=False),
    sa.Column('header', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('survey', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('mapping', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('rows_total', sa.BigInteger(), nullable=False),
    sa.Column('rows_done', sa.BigInteger(), nullable=False),
    sa.Column('rows_failed', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_imports_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_imports_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_imports_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_imports')),
    sa.UniqueConstraint('organization_id', 'project_id', 'number', name=op.f('uq_imports_organization_id_project_id_number'))
    )
    op.create_index(op.f('ix_imports_organization_id_created_by_id'), 'imports', ['organization_id', 'created_by_id'], unique=False)
    op.create_table('invitation_projects',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('invitation_id', sa.BigInteger(), nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Enum('admin', 'member', 'guest', name='standing', native_enum=False, create_constraint=True, length=40), server_default='member', nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'invitation_id'], ['invitations.organization_id', 'invitations.id'], name=op.f('fk_invitation_projects_organization_id_invitation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_invitation_projects_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_invitation_projects_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_invitation_projects')),
    sa.UniqueConstraint('organization_id', 'invitation_id', 'project_id', name=op.f('uq_invitation_projects_organization_id_invitation_id_project_id'))
    )
    op.create_index(op.f('ix_invitation_projects_organization_id_project_id'), 'invitation_projects', ['organization_id', 'project_id'], unique=False)
    op.create_table('labellings',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('config', sa.Text(), nullable=False),
    sa.Column('config_version', sa.BigInteger(), nullable=False),
    sa.Column('document_id', sa.BigInteger(), nullable=True),
    sa.Column('instruction_version', sa.BigInteger(), nullable=False),
    sa.Column('show_instruction', sa.Boolean(), nullable=False),
    sa.Column('overlap', sa.BigInteger(), nullable=False),
    sa.Column('sampling', sa.Enum('sequential', 'uniform', name='sampling', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('skip_queue', sa.Enum('for_me', 'for_others', 'ignore', name='skipqueue', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('show_skip', sa.Boolean(), nullable=False),
    sa.Column('lock_minutes', sa.BigInteger(), nullable=False),
    sa.Column('allow_empty', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('lock_minutes BETWEEN 1 AND 1440', name=op.f('ck_labellings_lock_minutes')),
    sa.CheckConstraint('overlap BETWEEN 1 AND 20', name=op.f('ck_labellings_overlap')),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_labellings_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'document_id'], ['documents.organization_id', 'documents.id'], name=op.f('fk_labellings_organization_id_document_id'), ondelete='SET NULL (document_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_labellings_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_labellings_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_labellings')),
    sa.UniqueConstraint('organization_id', 'project_id', name=op.f('uq_labellings_organization_id_project_id'))
    )
    op.create_index(op.f('ix_labellings_organization_id_created_by_id'), 'labellings', ['organization_id', 'created_by_id'], unique=False)
    op.create_index(op.f('ix_labellings_organization_id_document_id'), 'labellings', ['organization_id', 'document_id'], unique=False)
    op.create_table('labels',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=True),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('rank', sa.String(length=200, collation='C'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('hue', sa.BigInteger(), nullable=False),
    sa.Column('description', sa.String(length=400), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('hue BETWEEN 1 AND 8', name=op.f('ck_labels_hue')),
    sa.ForeignKeyConstraint(['organization_id', 'parent_id'], ['labels.organization_id', 'labels.id'], name=op.f('fk_labels_organization_id_parent_id'), ondelete='SET NULL (parent_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_labels_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_labels_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_labels')),
    sa.UniqueConstraint('organization_id', 'project_id', 'name', name=op.f('uq_labels_organization_id_project_id_name'))
    )
    op.create_index(op.f('ix_labels_organization_id_parent_id'), 'labels', ['organization_id', 'parent_id'], unique=False)
    op.create_index('uq_labels_shared', 'labels', ['organization_id', 'name'], unique=True, postgresql_where=sa.text('project_id IS NULL'))
    op.create_table('pages',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=True),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('emoji', sa.String(length=16), nullable=True),
    sa.Column('document_id', sa.BigInteger(), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=False),
    sa.Column('access', sa.Enum('public', 'private', name='access', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rank', sa.String(length=400, collation='C'), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('locked_by_id', sa.BigInteger(), nullable=True),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('parent_id <> id', name=op.f('ck_pages_not_below_itself')),
    sa.ForeignKeyConstraint(['organization_id', 'document_id'], ['documents.organization_id', 'documents.id'], name=op.f('fk_pages_organization_id_document_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'locked_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_pages_organization_id_locked_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'owner_id'], ['members.organization_id', 'members.id'], name=op.f('fk_pages_organization_id_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'parent_id'], ['pages.organization_id', 'pages.id'], name=op.f('fk_pages_organization_id_parent_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_pages_organization_id_project_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_pages_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_pages'))
    )
    op.create_index('ix_pages_order', 'pages', ['organization_id', 'project_id', 'parent_id', 'rank'], unique=False)
    op.create_index(op.f('ix_pages_organization_id_document_id'), 'pages', ['organization_id', 'document_id'], unique=False)
    op.create_index(op.f('ix_pages_organization_id_locked_by_id'), 'pages', ['organization_id', 'locked_by_id'], unique=False)
    op.create_index(op.f('ix_pages_organization_id_owner_id'), 'pages', ['organization_id', 'owner_id'], unique=False)
    op.create_index(op.f('ix_pages_organization_id_parent_id'), 'pages', ['organization_id', 'parent_id'], unique=False)
    op.create_index('ix_pages_recent', 'pages', ['organization_id', 'updated_at'], unique=False, postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_table('project_issue_types',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('issue_type_id', sa.BigInteger(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'issue_type_id'], ['issue_types.organization_id', 'issue_types.id'], name=op.f('fk_project_issue_types_organization_id_issue_type_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_project_issue_types_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_project_issue_types_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_project_issue_types')),
    sa.UniqueConstraint('organization_id', 'project_id', 'issue_type_id', name=op.f('uq_project_issue_types_organization_id_project_id_issue_type_id'))
    )
    op.create_index(op.f('ix_project_issue_types_organization_id_issue_type_id'), 'project_issue_types', ['organization_id', 'issue_type_id'], unique=False)
    op.create_index('uq_project_issue_types_default', 'project_issue_types', ['organization_id', 'project_id'], unique=True, postgresql_where=sa.text('is_default'))
    op.create_table('project_members',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Enum('admin', 'member', 'guest', name='standing', native_enum=False, create_constraint=True, length=40), server_default='member', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_project_members_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_project_members_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_project_members_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_project_members')),
    sa.UniqueConstraint('organization_id', 'project_id', 'member_id', name=op.f('uq_project_members_organization_id_project_id_member_id'))
    )
    op.create_index(op.f('ix_project_members_organization_id_member_id'), 'project_members', ['organization_id', 'member_id'], unique=False)
    op.create_table('project_teams',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.Enum('admin', 'member', 'guest', name='standing', native_enum=False, create_constraint=True, length=40), server_default='member', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_project_teams_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'team_id'], ['teams.organization_id', 'teams.id'], name=op.f('fk_project_teams_organization_id_team_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_project_teams_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_project_teams')),
    sa.UniqueConstraint('organization_id', 'project_id', 'team_id', name=op.f('uq_project_teams_organization_id_project_id_team_id'))
    )
    op.create_index(op.f('ix_project_teams_organization_id_team_id'), 'project_teams', ['organization_id', 'team_id'], unique=False)
    op.create_table('report_recipients',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_report_recipients_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'report_id'], ['reports.organization_id', 'reports.id'], name=op.f('fk_report_recipients_organization_id_report_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_report_recipients_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_report_recipients')),
    sa.UniqueConstraint('organization_id', 'report_id', 'member_id', name=op.f('uq_report_recipients_organization_id_report_id_member_id'))
    )
    op.create_index(op.f('ix_report_recipients_organization_id_member_id'), 'report_recipients', ['organization_id', 'member_id'], unique=False)
    op.create_table('report_runs',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('local_date', sa.Date(), nullable=False),
    sa.Column('slot', sa.String(length=5), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('missed', sa.BigInteger(), nullable=False),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('status', sa.Enum('queued', 'sent', 'late', 'failed', 'skipped', name='runstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('triggered_by_id', sa.BigInteger(), nullable=True),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'report_id'], ['reports.organization_id', 'reports.id'], name=op.f('fk_report_runs_organization_id_report_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'triggered_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_report_runs_organization_id_triggered_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_report_runs_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_report_runs')),
    sa.UniqueConstraint('organization_id', 'report_id', 'local_date', 'slot', name=op.f('uq_report_runs_organization_id_report_id_local_date_slot'))
    )
    op.create_index('ix_report_runs_history', 'report_runs', ['organization_id', 'report_id', sa.literal_column('id DESC')], unique=False)
    op.create_index(op.f('ix_report_runs_organization_id_triggered_by_id'), 'report_runs', ['organization_id', 'triggered_by_id'], unique=False)
    op.create_table('source_problems',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('source_file_id', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.BigInteger(), nullable=False),
    sa.Column('column', sa.String(length=100), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'source_file_id'], ['source_files.organization_id', 'source_files.id'], name=op.f('fk_source_problems_organization_id_source_file_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_source_problems_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_source_problems'))
    )
    op.create_index('ix_source_problems_report', 'source_problems', ['organization_id', 'source_file_id', 'line'], unique=False)
    op.create_table('states',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('group', sa.Enum('backlog', 'unstarted', 'started', 'completed', 'cancelled', name='stategroup', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rank', sa.String(length=200, collation='C'), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('is_guarded', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_states_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_states_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_states')),
    sa.UniqueConstraint('organization_id', 'project_id', 'name', name=op.f('uq_states_organization_id_project_id_name'))
    )
    op.create_index('ix_states_order', 'states', ['organization_id', 'project_id', 'rank'], unique=False)
    op.create_index('uq_states_default', 'states', ['organization_id', 'project_id'], unique=True, postgresql_where=sa.text('is_default'))
    op.create_table('tagged_projects',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('tag_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_tagged_projects_organization_id_project_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'tag_id'], ['project_tags.organization_id', 'project_tags.id'], name=op.f('fk_tagged_projects_organization_id_tag_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_tagged_projects_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_tagged_projects')),
    sa.UniqueConstraint('organization_id', 'project_id', 'tag_id', name=op.f('uq_tagged_projects_organization_id_project_id_tag_id'))
    )
    op.create_index(op.f('ix_tagged_projects_organization_id_tag_id'), 'tagged_projects', ['organization_id', 'tag_id'], unique=False)
    op.create_table('widgets',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('dashboard_id', sa.BigInteger(), nullable=False),
    sa.Column('question_id', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('chart', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('x', sa.SmallInteger(), nullable=False),
    sa.Column('y', sa.SmallInteger(), nullable=False),
    sa.Column('w', sa.SmallInteger(), nullable=False),
    sa.Column('h', sa.SmallInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('x >= 0 AND w >= 1 AND x + w <= 12', name=op.f('ck_widgets_across')),
    sa.CheckConstraint('y >= 0 AND h >= 1 AND y + h <= 500', name=op.f('ck_widgets_down')),
    sa.ForeignKeyConstraint(['organization_id', 'dashboard_id'], ['dashboards.organization_id', 'dashboards.id'], name=op.f('fk_widgets_organization_id_dashboard_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'question_id'], ['questions.organization_id', 'questions.id'], name=op.f('fk_widgets_organization_id_question_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_widgets_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_widgets'))
    )
    op.create_index(op.f('ix_widgets_organization_id_dashboard_id'), 'widgets', ['organization_id', 'dashboard_id'], unique=False)
    op.create_index(op.f('ix_widgets_organization_id_question_id'), 'widgets', ['organization_id', 'question_id'], unique=False)
    op.create_table('estimate_points',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('estimate_id', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.BigInteger(), nullable=False),
    sa.Column('value', sa.String(length=20), nullable=False),
    sa.Column('amount', sa.Numeric(precision=8, scale=2), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'estimate_id'], ['estimates.organization_id', 'estimates.id'], name=op.f('fk_estimate_points_organization_id_estimate_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_estimate_points_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_estimate_points')),
    sa.UniqueConstraint('organization_id', 'estimate_id', 'value', name=op.f('uq_estimate_points_organization_id_estimate_id_value'))
    )
    op.create_table('labelling_configs',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('labelling_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('xml', sa.Text(), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'author_id'], ['members.organization_id', 'members.id'], name=op.f('fk_labelling_configs_organization_id_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'labelling_id'], ['labellings.organization_id', 'labellings.id'], name=op.f('fk_labelling_configs_organization_id_labelling_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_labelling_configs_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_labelling_configs')),
    sa.UniqueConstraint('organization_id', 'labelling_id', 'number', name=op.f('uq_labelling_configs_organization_id_labelling_id_number'))
    )
    op.create_index(op.f('ix_labelling_configs_organization_id_author_id'), 'labelling_configs', ['organization_id', 'author_id'], unique=False)
    op.create_table('labelling_exports',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('labelling_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Enum('running', 'done', 'failed', 'cancelled', name='work', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('format', sa.Enum('json', 'jsonl', 'csv', 'json_min', name='format', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('only_finished', sa.Boolean(), nullable=False),
    sa.Column('file', sa.String(length=100), nullable=True),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('tasks', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_labelling_exports_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'labelling_id'], ['labellings.organization_id', 'labellings.id'], name=op.f('fk_labelling_exports_organization_id_labelling_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_labelling_exports_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_labelling_exports')),
    sa.UniqueConstraint('organization_id', 'labelling_id', 'number', name=op.f('uq_labelling_exports_organization_id_labelling_id_number'))
    )
    op.create_index(op.f('ix_labelling_exports_organization_id_created_by_id'), 'labelling_exports', ['organization_id', 'created_by_id'], unique=False)
    op.create_table('report_deliveries',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Enum('posted', 'skipped', 'failed', name='deliverystatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('mail_id', sa.BigInteger(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_report_deliveries_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'run_id'], ['report_runs.organization_id', 'report_runs.id'], name=op.f('fk_report_deliveries_organization_id_run_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_report_deliveries_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_report_deliveries')),
    sa.UniqueConstraint('organization_id', 'run_id', 'member_id', name=op.f('uq_report_deliveries_organization_id_run_id_member_id'))
    )
    op.create_index(op.f('ix_report_deliveries_organization_id_member_id'), 'report_deliveries', ['organization_id', 'member_id'], unique=False)
    op.create_table('state_moves',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('from_state_id', sa.BigInteger(), nullable=False),
    sa.Column('to_state_id', sa.BigInteger(), nullable=False),
    sa.Column('mover', sa.Enum('leads', 'nobody', name='mover', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'from_state_id'], ['states.organization_id', 'states.id'], name=op.f('fk_state_moves_organization_id_from_state_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'to_state_id'], ['states.organization_id', 'states.id'], name=op.f('fk_state_moves_organization_id_to_state_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_state_moves_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_state_moves')),
    sa.UniqueConstraint('organization_id', 'to_state_id', 'from_state_id', name=op.f('uq_state_moves_organization_id_to_state_id_from_state_id'))
    )
    op.create_index(op.f('ix_state_moves_organization_id_from_state_id'), 'state_moves', ['organization_id', 'from_state_id'], unique=False)
    op.create_table('state_needs',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('state_id', sa.BigInteger(), nullable=False),
    sa.Column('needed', sa.Enum('assignee', 'label', 'estimate', 'start_date', 'due_date', 'description', 'property', name='needed', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('property_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'property_id'], ['issue_properties.organization_id', 'issue_properties.id'], name=op.f('fk_state_needs_organization_id_property_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'state_id'], ['states.organization_id', 'states.id'], name=op.f('fk_state_needs_organization_id_state_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_state_needs_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_state_needs'))
    )
    op.create_index(op.f('ix_state_needs_organization_id_property_id'), 'state_needs', ['organization_id', 'property_id'], unique=False)
    op.create_index('uq_state_needs_state', 'state_needs', ['organization_id', 'state_id', 'needed', 'property_id'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('stream_places',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('labelling_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'labelling_id'], ['labellings.organization_id', 'labellings.id'], name=op.f('fk_stream_places_organization_id_labelling_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_stream_places_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_stream_places_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_stream_places')),
    sa.UniqueConstraint('organization_id', 'labelling_id', 'member_id', name=op.f('uq_stream_places_organization_id_labelling_id_member_id'))
    )
    op.create_index(op.f('ix_stream_places_organization_id_member_id'), 'stream_places', ['organization_id', 'member_id'], unique=False)
    op.create_table('task_imports',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('labelling_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Enum('running', 'done', 'failed', 'cancelled', name='work', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('format', sa.Enum('json', 'jsonl', 'csv', 'json_min', name='format', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('file', sa.String(length=100), nullable=True),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('encoding', sa.String(length=40), nullable=False),
    sa.Column('delimiter', sa.String(length=1), nullable=False),
    sa.Column('header', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('skip_duplicates', sa.Boolean(), nullable=False),
    sa.Column('with_annotations', sa.Boolean(), nullable=False),
    sa.Column('rows_total', sa.BigInteger(), nullable=False),
    sa.Column('rows_done', sa.BigInteger(), nullable=False),
    sa.Column('rows_failed', sa.BigInteger(), nullable=False),
    sa.Column('rows_duplicate', sa.BigInteger(), nullable=False),
    sa.Column('annotations_made', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_task_imports_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'labelling_id'], ['labellings.organization_id', 'labellings.id'], name=op.f('fk_task_imports_organization_id_labelling_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_task_imports_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_task_imports')),
    sa.UniqueConstraint('organization_id', 'labelling_id', 'number', name=op.f('uq_task_imports_organization_id_labelling_id_number'))
    )
    op.create_index(op.f('ix_task_imports_organization_id_created_by_id'), 'task_imports', ['organization_id', 'created_by_id'], unique=False)
    op.create_table('tasks',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('labelling_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('meta', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('overlap', sa.BigInteger(), nullable=False),
    sa.Column('shuffle', sa.BigInteger(), nullable=False),
    sa.Column('total_annotations', sa.BigInteger(), nullable=False),
    sa.Column('cancelled_annotations', sa.BigInteger(), nullable=False),
    sa.Column('is_labeled', sa.Boolean(), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('overlap BETWEEN 1 AND 20', name=op.f('ck_tasks_overlap')),
    sa.CheckConstraint('total_annotations >= 0 AND cancelled_annotations >= 0', name=op.f('ck_tasks_counters')),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_tasks_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'labelling_id'], ['labellings.organization_id', 'labellings.id'], name=op.f('fk_tasks_organization_id_labelling_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_tasks_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_tasks')),
    sa.UniqueConstraint('organization_id', 'labelling_id', 'number', name=op.f('uq_tasks_organization_id_labelling_id_number'))
    )
    op.create_index('ix_tasks_digest', 'tasks', ['organization_id', 'digest'], unique=False)
    op.create_index('ix_tasks_import', 'tasks', ['organization_id', 'import_id'], unique=False)
    op.create_index('ix_tasks_open', 'tasks', ['organization_id', 'labelling_id', 'number'], unique=False, postgresql_where=sa.text('NOT is_labeled AND deleted_at IS NULL'))
    op.create_index(op.f('ix_tasks_organization_id_created_by_id'), 'tasks', ['organization_id', 'created_by_id'], unique=False)
    op.create_index('ix_tasks_shuffled', 'tasks', ['organization_id', 'labelling_id', 'shuffle'], unique=False, postgresql_where=sa.text('NOT is_labeled AND deleted_at IS NULL'))
    op.create_table('annotations',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('labelling_id', sa.BigInteger(), nullable=False),
    sa.Column('task_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('updated_by_id', sa.BigInteger(), nullable=True),
    sa.Column('result', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('was_cancelled', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('ground_truth', sa.Boolean(), nullable=False),
    sa.Column('extra', sa.Boolean(), nullable=False),
    sa.Column('lead_time_seconds', sa.Double(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=True),
    sa.Column('draft_created_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('config_version', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('lead_time_seconds >= 0', name=op.f('ck_annotations_lead_time')),
    sa.ForeignKeyConstraint(['organization_id', 'labelling_id'], ['labellings.organization_id', 'labellings.id'], name=op.f('fk_annotations_organization_id_labelling_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_annotations_organization_id_member_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'task_id'], ['tasks.organization_id', 'tasks.id'], name=op.f('fk_annotations_organization_id_task_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'updated_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_annotations_organization_id_updated_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_annotations_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_annotations')),
    sa.UniqueConstraint('organization_id', 'token', name=op.f('uq_annotations_organization_id_token'))
    )
    op.create_index('ix_annotations_member', 'annotations', ['organization_id', 'member_id'], unique=False)
    op.create_index('ix_annotations_mine', 'annotations', ['organization_id', 'labelling_id', 'member_id', 'id'], unique=False)
    op.create_index(op.f('ix_annotations_organization_id_task_id'), 'annotations', ['organization_id', 'task_id'], unique=False)
    op.create_index(op.f('ix_annotations_organization_id_updated_by_id'), 'annotations', ['organization_id', 'updated_by_id'], unique=False)
    op.create_index('uq_annotations_once', 'annotations', ['organization_id', 'task_id', 'member_id'], unique=True, postgresql_where=sa.text('deleted_at IS NULL AND import_id IS NULL'))
    op.create_table('issues',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('state_id', sa.BigInteger(), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('rank', sa.String(length=400, collation='C'), nullable=False),
    sa.Column('start_date', sa.Date(), nullable=True),
    sa.Column('due_date', sa.Date(), nullable=True),
    sa.Column('document_id', sa.BigInteger(), nullable=True),
    sa.Column('issue_type_id', sa.BigInteger(), nullable=True),
    sa.Column('estimate_point_id', sa.BigInteger(), nullable=True),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('priority BETWEEN 0 AND 4', name=op.f('ck_issues_priority')),
    sa.CheckConstraint('start_date <= due_date', name=op.f('ck_issues_dates')),
    sa.ForeignKeyConstraint(['organization_id', 'created_by_id'], ['members.organization_id', 'members.id'], name=op.f('fk_issues_organization_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'document_id'], ['documents.organization_id', 'documents.id'], name=op.f('fk_issues_organization_id_document_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'estimate_point_id'], ['estimate_points.organization_id', 'estimate_points.id'], name=op.f('fk_issues_organization_id_estimate_point_id'), ondelete='SET NULL (estimate_point_id)'),
    sa.ForeignKeyConstraint(['organization_id', 'issue_type_id'], ['issue_types.organization_id', 'issue_types.id'], name=op.f('fk_issues_organization_id_issue_type_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'project_id'], ['projects.organization_id', 'projects.id'], name=op.f('fk_issues_organization_id_project_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'state_id'], ['states.organization_id', 'states.id'], name=op.f('fk_issues_organization_id_state_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_issues_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_issues')),
    sa.UniqueConstraint('organization_id', 'project_id', 'number', name=op.f('uq_issues_organization_id_project_id_number'))
    )
    op.create_index('ix_issues_column', 'issues', ['organization_id', 'state_id', 'rank'], unique=False, postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_index('ix_issues_due', 'issues', ['organization_id', 'project_id', 'due_date'], unique=False)
    op.create_index('ix_issues_order', 'issues', ['organization_id', 'project_id', 'rank'], unique=False)
    op.create_index(op.f('ix_issues_organization_id_created_by_id'), 'issues', ['organization_id', 'created_by_id'], unique=False)
    op.create_index(op.f('ix_issues_organization_id_document_id'), 'issues', ['organization_id', 'document_id'], unique=False)
    op.create_index(op.f('ix_issues_organization_id_estimate_point_id'), 'issues', ['organization_id', 'estimate_point_id'], unique=False)
    op.create_index(op.f('ix_issues_organization_id_issue_type_id'), 'issues', ['organization_id', 'issue_type_id'], unique=False)
    op.create_index('ix_issues_recent', 'issues', ['organization_id', 'project_id', 'updated_at'], unique=False)
    op.create_index('ix_issues_state', 'issues', ['organization_id', 'state_id'], unique=False)
    op.create_table('task_import_rows',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.BigInteger(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('refused', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'import_id'], ['task_imports.organization_id', 'task_imports.id'], name=op.f('fk_task_import_rows_organization_id_import_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_task_import_rows_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_task_import_rows'))
    )
    op.create_index('ix_task_import_rows_report', 'task_import_rows', ['organization_id', 'import_id', 'line', 'id'], unique=False)
    op.create_table('task_locks',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('task_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_task_locks_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'task_id'], ['tasks.organization_id', 'tasks.id'], name=op.f('fk_task_locks_organization_id_task_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_task_locks_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_task_locks')),
    sa.UniqueConstraint('organization_id', 'task_id', 'member_id', name=op.f('uq_task_locks_organization_id_task_id_member_id'))
    )
    op.create_index('ix_task_locks_expiry', 'task_locks', ['organization_id', 'expires_at'], unique=False)
    op.create_index(op.f('ix_task_locks_organization_id_member_id'), 'task_locks', ['organization_id', 'member_id'], unique=False)
    op.create_table('annotation_drafts',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('task_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('annotation_id', sa.BigInteger(), nullable=True),
    sa.Column('result', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('lead_time_seconds', sa.Double(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'annotation_id'], ['annotations.organization_id', 'annotations.id'], name=op.f('fk_annotation_drafts_organization_id_annotation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_annotation_drafts_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'task_id'], ['tasks.organization_id', 'tasks.id'], name=op.f('fk_annotation_drafts_organization_id_task_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_annotation_drafts_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_annotation_drafts')),
    sa.UniqueConstraint('organization_id', 'task_id', 'member_id', name=op.f('uq_annotation_drafts_organization_id_task_id_member_id'))
    )
    op.create_index(op.f('ix_annotation_drafts_organization_id_annotation_id'), 'annotation_drafts', ['organization_id', 'annotation_id'], unique=False)
    op.create_index(op.f('ix_annotation_drafts_organization_id_member_id'), 'annotation_drafts', ['organization_id', 'member_id'], unique=False)
    op.create_table('import_rows',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.BigInteger(), nullable=False),
    sa.Column('issue_id', sa.BigInteger(), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('refused', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'import_id'], ['imports.organization_id', 'imports.id'], name=op.f('fk_import_rows_organization_id_import_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'issue_id'], ['issues.organization_id', 'issues.id'], name=op.f('fk_import_rows_organization_id_issue_id'), ondelete='SET NULL (issue_id)'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_import_rows_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_import_rows'))
    )
    op.create_index(op.f('ix_import_rows_organization_id_issue_id'), 'import_rows', ['organization_id', 'issue_id'], unique=False)
    op.create_index('ix_import_rows_problems', 'import_rows', ['organization_id', 'import_id', 'line'], unique=False, postgresql_where=sa.text('problem IS NOT NULL'))
    op.create_index('ix_import_rows_report', 'import_rows', ['organization_id', 'import_id', 'line'], unique=False)
    op.create_table('issue_assignees',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('issue_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'issue_id'], ['issues.organization_id', 'issues.id'], name=op.f('fk_issue_assignees_organization_id_issue_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_issue_assignees_organization_id_member_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_issue_assignees_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_issue_assignees')),
    sa.UniqueConstraint('organization_id', 'issue_id', 'member_id', name=op.f('uq_issue_assignees_organization_id_issue_id_member_id'))
    )
    op.create_index(op.f('ix_issue_assignees_organization_id_member_id'), 'issue_assignees', ['organization_id', 'member_id'], unique=False)
    op.create_table('issue_labels',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('issue_id', sa.BigInteger(), nullable=False),
    sa.Column('label_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'issue_id'], ['issues.organization_id', 'issues.id'], name=op.f('fk_issue_labels_organization_id_issue_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'label_id'], ['labels.organization_id', 'labels.id'], name=op.f('fk_issue_labels_organization_id_label_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_issue_labels_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_issue_labels')),
    sa.UniqueConstraint('organization_id', 'issue_id', 'label_id', name=op.f('uq_issue_labels_organization_id_issue_id_label_id'))
    )
    op.create_index(op.f('ix_issue_labels_organization_id_label_id'), 'issue_labels', ['organization_id', 'label_id'], unique=False)
    op.create_table('issue_values',
    sa.Column('organization_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), autoincrement=True, nullable=False),
    sa.Column('issue_id', sa.BigInteger(), nullable=False),
    sa.Column('property_id', sa.BigInteger(), nullable=False),
    sa.Column('value_text', sa.String(length=2000), nullable=True),
    sa.Column('value_number', sa.Numeric(precision=20, scale=6), nullable=True),
    sa.Column('value_date', sa.Date(), nullable=True),
    sa.Column('value_boolean', sa.Boolean(), nullable=True),
    sa.Column('option_id', sa.BigInteger(), nullable=True),
    sa.Column('member_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id', 'issue_id'], ['issues.organization_id', 'issues.id'], name=op.f('fk_issue_values_organization_id_issue_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'member_id'], ['members.organization_id', 'members.id'], name=op.f('fk_issue_values_organization_id_member_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'option_id'], ['property_options.organization_id', 'property_options.id'], name=op.f('fk_issue_values_organization_id_option_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id', 'property_id'], ['issue_properties.organization_id', 'issue_properties.id'], name=op.f('fk_issue_values_organization_id_property_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_issue_values_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'id', name=op.f('pk_issue_values'))
    )
    op.create_index(op.f('ix_issue_values_organization_id_member_id'), 'issue_values', ['organization_id', 'member_id'], unique=False)
    op.create_index(op.f('ix_issue_values_organization_id_option_id'), 'issue_values', ['organization_id', 'option_id'], unique=False)
    op.create_index(op.f('ix_issue_values_organization_id_property_id'), 'issue_values', ['organization_id', 'property_id'], unique=False)
    op.create_index('uq_issue_values_one', 'issue_values', ['organization_id', 'issue_id', 'property_id', 'option_id'], unique=True, postgresql_nulls_not_distinct=True)
    op.wall_off('counters')
    op.wall_off('documents')
    op.wall_off('issue_types')
    op.wall_off('mail_addresses')
    op.wall_off('project_tags')
    op.wall_off('queues')
    op.wall_off('retention_archives')
    op.wall_off('retention_policies')
    op.wall_off('roles')
    op.wall_off('search_documents')
    op.wall_off('tags')
    op.wall_off('teams')
    op.wall_off('timers')
    op.wall_off('issue_properties')
    op.wall_off('mail_accounts')
    op.wall_off('members')
    op.wall_off('role_permissions')
    op.wall_off('tag_teams')
    op.wall_off('activities')
    op.wall_off('api_keys')
    op.wall_off('comments')
    op.wall_off('dashboards')
    op.wall_off('document_versions')
    op.wall_off('drafts')
    op.wall_off('favourites')
    op.wall_off('invitations')
    op.wall_off('links')
    op.wall_off('member_certifications')
    op.wall_off('member_skills')
    op.wall_off('notification_preferences')
    op.wall_off('notification_settings')
    op.wall_off('operator_visits')
    op.wall_off('permission_grants')
    op.wall_off('project_defaults')
    op.wall_off('project_groups')
    op.wall_off('project_templates')
    op.wall_off('property_options')
    op.wall_off('sources')
    op.wall_off('sso_connections')
    op.wall_off('team_members')
    op.wall_off('tickets')
    op.wall_off('visits')
    op.wall_off('watchers')
    op.wall_off('workspaces')
    op.wall_off('attachments')
    op.wall_off('changes')
    op.wall_off('dashboard_shares')
    op.wall_off('invitation_grants')
    op.wall_off('invitation_teams')
    op.wall_off('invitation_workspaces')
    op.wall_off('mail_replies')
    op.wall_off('notifications')
    op.wall_off('projects')
    op.wall_off('questions')
    op.wall_off('reactions')
    op.wall_off('receipts')
    op.wall_off('reports')
    op.wall_off('source_files')
    op.wall_off('sso_domains')
    op.wall_off('ticket_messages')
    op.wall_off('ticket_participants')
    op.wall_off('ticket_tags')
    op.wall_off('workspace_members')
    op.wall_off('estimates')
    op.wall_off('imports')
    op.wall_off('invitation_projects')
    op.wall_off('labellings')
    op.wall_off('labels')
    op.wall_off('pages')
    op.wall_off('project_issue_types')
    op.wall_off('project_members')
    op.wall_off('project_teams')
    op.wall_off('report_recipients')
    op.wall_off('report_runs')
    op.wall_off('source_problems')
    op.wall_off('states')
    op.wall_off('tagged_projects')
    op.wall_off('widgets')
    op.wall_off('estimate_points')
    op.wall_off('labelling_configs')
    op.wall_off('labelling_exports')
    op.wall_off('report_deliveries')
    op.wall_off('state_moves')
    op.wall_off('state_needs')
    op.wall_off('stream_places')
    op.wall_off('task_imports')
    op.wall_off('tasks')
    op.wall_off('annotations')
    op.wall_off('issues')
    op.wall_off('task_import_rows')
    op.wall_off('task_locks')
    op.wall_off('annotation_drafts')
    op.wall_off('import_rows')
    op.wall_off('issue_assignees')
    op.wall_off('issue_labels')
    op.wall_off('issue_values')
    wall_off_the_rest(op)


def downgrade() -> None:
    raise NotImplementedError("The first migration is undone by dropping the database.")
